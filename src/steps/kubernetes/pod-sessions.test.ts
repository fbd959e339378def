import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodView } from '../../clients/kubernetes-views.ts';
import { instant } from '../../domain/time.ts';
import type { Session } from '../postgres/sessions.ts';
import { judge } from './pod-sessions.ts';

const at = '2026-11-20T03:00:00.000Z';
const pod = (ip: string, readyForSeconds = 10): PodView => ({
  name: `pod at ${ip}`,
  ip,
  ready: true,
  readySince: instant(Date.parse(at) - readyForSeconds * 1000),
  terminating: false,
  finalizers: [],
  ended: false,
  restarts: 0,
});
const session = (clientAddress: string, ageSeconds: number): Session => ({
  role: 'shop_app',
  clientAddress,
  startedAt: instant(Date.parse(at) - ageSeconds * 1000),
  ageSeconds,
  applicationName: '',
});
const window = { provenSeconds: 30, at };

describe('pods are proven on the new database', () => {
  it('when the oldest session of each is as old as the window', () => {
    const onNew = [session('10.0.0.1', 31), session('10.0.0.1', 2), session('10.0.0.2', 30)];
    expect(judge([pod('10.0.0.1'), pod('10.0.0.2')], { onNew, onOld: [] }, window)).toEqual({
      kind: 'proven',
      sessions: 3,
      firstSessionAt: '2026-11-20T02:59:29.000Z',
    });
  });

  it('not while one of them has only younger ones', () => {
    const onNew = [session('10.0.0.1', 31), session('10.0.0.2', 12)];
    expect(judge([pod('10.0.0.1'), pod('10.0.0.2')], { onNew, onOld: [] }, window)).toEqual({
      kind: 'holding',
      leftSeconds: 18,
    });
  });

  it('not while one of them has none', () => {
    const verdict = judge([pod('10.0.0.1'), pod('10.0.0.2')], { onNew: [session('10.0.0.1', 99)], onOld: [] }, window);
    expect(verdict).toMatchObject({ kind: 'without-session', pods: [{ ip: '10.0.0.2' }] });
  });

  it('not while one of them has a session on the old database; what no pod holds there is not theirs', () => {
    const onNew = [session('10.0.0.1', 99)];
    expect(judge([pod('10.0.0.1')], { onNew, onOld: [session('10.0.0.1', 1)] }, window)).toMatchObject({
      kind: 'on-old',
    });
    expect(judge([pod('10.0.0.1')], { onNew, onOld: [session('10.9.9.9', 1)] }, window)).toMatchObject({
      kind: 'proven',
    });
  });

  it('when a pool that recycles its connections has been ready for twice the window', () => {
    const onNew = [session('10.0.0.1', 3)];
    expect(judge([pod('10.0.0.1', 59)], { onNew, onOld: [] }, window)).toEqual({ kind: 'holding', leftSeconds: 1 });
    expect(judge([pod('10.0.0.1', 60)], { onNew, onOld: [] }, window)).toMatchObject({ kind: 'proven' });
  });

  it('of pods that share an address, only when as many sessions are old enough as there are pods', async () => {
    await fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 10 }),
        (count, ages) => {
          const pods = Array.from({ length: count }, () => pod('127.0.0.1'));
          const onNew = ages.map((age) => session('127.0.0.1', age));
          const proven = judge(pods, { onNew, onOld: [] }, window).kind === 'proven';
          expect(proven).toBe(ages.filter((age) => age >= 30).length >= count);
        },
      ),
    );
  });
});
