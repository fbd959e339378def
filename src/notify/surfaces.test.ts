import { describe, expect, it } from 'vitest';
import { chain, deny, done, human, intent, type Line, planned, requested, vote } from '../../test/drafts.ts';
import type { Draft } from '../domain/events.ts';
import type { Environment } from '../domain/settings.ts';
import { surfacesOf } from './surfaces.ts';

const environment = { channels: { stakeholders: ['C0BIZ'] } } as unknown as Environment;
const named = (draft: Draft, step: string): Draft => ({ ...draft, data: { ...draft.data, step } }) as Draft;
const did = (step: string, minute: number): readonly Line[] => [
  [intent('r1', 1, { step }), minute],
  [named(done('r1', 1), step), minute],
];
/** Verified at minute 2, compared at 3, and people are asked. */
const asked: readonly Line[] = [
  requested({ cutOver: 1, cutOverWithinMinutes: 60 }),
  planned(),
  vote('ann'),
  vote('ben'),
  ...did('judge-verification', 2),
  ...did('compare', 3),
  [intent('r1', 1, { step: 'approve-cut-over', gate: 'cut-over' }), 3],
];
const said = (over = {}): Line => [vote('ann', { gate: 'cut-over', digest: '8', ...over }), 30];
const names = (...lines: readonly Line[]) =>
  surfacesOf({ state: chain(...lines), environment, now: '2026-11-20T03:33:00.000Z' }, {}).map(({ name }) => name);

describe('the cards of a restore-first', () => {
  it('the comparison stands in the incident channel from when people are asked, and stays', () => {
    expect(names(...asked.slice(0, -1))).not.toContain('cut-over');
    expect(names(...asked)).toContain('cut-over');
    expect(names(...asked, said(), ...did('approve-cut-over', 31))).toContain('cut-over');
    expect(chain(...asked, said()).cutOver?.votes).toMatchObject([{ human: human('ann').id }]);
  });

  it('nobody outside the incident hears of it while the application serves, nor when it is kept beside', () => {
    expect(names(...asked).filter((name) => name.startsWith('stakeholders'))).toEqual([]);
    expect(names(...asked, said(deny)).filter((name) => name.startsWith('stakeholders'))).toEqual([]);
  });

  it('their thread opens with the stop, and tells nothing of what came before it', () => {
    const all = names(
      ...asked,
      said(),
      ...did('approve-cut-over', 31),
      [intent('r1', 1, { step: 'stop-application' }), 32],
      ...did('prove-stopped', 33),
    );
    expect(all.filter((name) => name.startsWith('stakeholders'))).toEqual([
      'stakeholders:C0BIZ',
      'stakeholders:C0BIZ:stopped',
    ]);
  });
});
