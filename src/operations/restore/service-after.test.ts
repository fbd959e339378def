import { describe, expect, test } from 'vitest';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { emptyOperation, type StepState } from '../../domain/state.ts';
import type { StepContext } from '../../domain/step.ts';
import type { CheckResult, VerificationReport } from '../../domain/verification.ts';
import { judgeVerification } from './judge-verification.ts';
import { serviceAfter } from './service-after.ts';

type Statuses = Partial<Record<keyof RestoreOutputs, StepState['status']>>;
const after = (statuses: Statuses) =>
  serviceAfter({
    ...emptyOperation('op-1'),
    steps: Object.entries(statuses).map(([step, status]) => ({
      step,
      status,
      failures: 0,
      intendedAt: '',
      publishes: false,
    })),
  });

describe('the state that a restore leaves the service in', () => {
  test.each<[string, Statuses, string]>([
    ['nothing was done', {}, 'unchanged'],
    ['only an instance beside', { 'record-application': 'done', 'restore-instance': 'intended' }, 'beside-only'],
    ['the stop may have happened', { 'stop-application': 'intended' }, 'stopped'],
    ['stopped, and nobody may go back', { 'stop-application': 'done', 'restore-instance': 'done' }, 'stopped'],
    ['half-way back', { 'stop-application': 'undo-intended' }, 'stopped'],
    ['back', { 'stop-application': 'undone', 'restore-instance': 'done' }, 'old-database'],
    ['switched, not started', { 'stop-application': 'done', 'switch-secret': 'done' }, 'stopped'],
    [
      'switched and started',
      { 'stop-application': 'done', 'switch-secret': 'done', 'start-application': 'done' },
      'new-database',
    ],
  ])('%s', (_, statuses, expected) => {
    expect(after(statuses)).toBe(expected);
  });
});

describe('the gate before the cut-over', () => {
  const result = (outcome: CheckResult['outcome'], at = 0): CheckResult => ({
    point: 'foreign-keys',
    check: `foreign-key:${at}`,
    outcome,
    finding: 'verification.orphans',
    params: { rows: 3 },
    seconds: 1,
  });
  const judge = (outcome: VerificationReport['outcome'], results: readonly CheckResult[]) => {
    const report: VerificationReport = { outcome, results, notChecked: [], seconds: 1 };
    return judgeVerification().run({ output: () => ({ report }) } as unknown as StepContext);
  };

  test('is passed by what was proven, and by what could not be', async () => {
    expect(await judge('pass', [result('pass')])).toEqual({ kind: 'done', output: { outcome: 'pass' } });
    const unproven = await judge('not-proven', [result('not-proven')]);
    expect(unproven).toEqual({ kind: 'done', output: { outcome: 'not-proven' } });
  });

  test('F44: is closed by one failure, which is named by keys and counts', async () => {
    await expect(judge('fail', [result('pass'), result('fail', 1)])).rejects.toMatchObject({
      code: 'restore.verification-failed',
      kind: 'permanent',
      params: {
        failed: 1,
        findings: [{ check: 'foreign-key:1', finding: 'verification.orphans', params: { rows: 3 } }],
      },
    });
  });

  test('is closed by a report that says fail although its failures were cut off', async () => {
    await expect(judge('fail', [])).rejects.toMatchObject({ code: 'restore.verification-failed' });
  });

  test('a thousand findings don’t burst the ledger’s event', async () => {
    const many = Array.from({ length: 1000 }, (_, at) => result('fail', at));
    const error = await judge('fail', many).catch((thrown: { params: unknown }) => thrown);
    expect(error).toMatchObject({ params: { failed: 1000 } });
    expect(JSON.stringify(error).length).toBeLessThan(10_000);
  });
});
