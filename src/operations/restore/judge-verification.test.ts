import { describe, expect, test } from 'vitest';
import type { GateSeen, StepContext } from '../../domain/step.ts';
import type { CheckResult, VerificationReport } from '../../domain/verification.ts';
import { judgeVerification } from './judge-verification.ts';

const result = (outcome: CheckResult['outcome'], at = 0): CheckResult => ({
  point: 'foreign-keys',
  check: `foreign-key:${at}`,
  outcome,
  finding: 'verification.orphans',
  params: { rows: 3 },
  seconds: 1,
});

interface Given {
  readonly results?: readonly CheckResult[];
  readonly job?: CheckResult;
  readonly gate?: Partial<GateSeen>;
}

async function judge(outcome: VerificationReport['outcome'], { results = [], job, gate }: Given = {}) {
  const report: VerificationReport = { outcome, results, notChecked: [], seconds: 1 };
  const outputs: Record<string, unknown> = {
    'verify-database': { report },
    ...(job ? { 'await-check-job': { result: job } } : {}),
  };
  const context = {
    input: {},
    output: (step: string) => outputs[step],
    isDone: (step: string) => outputs[step] !== undefined,
    ...(gate ? { gate: { decision: 'open', leftSeconds: 300, approvedBy: [], required: 2, ...gate } } : {}),
  };
  return judgeVerification().run(context as unknown as StepContext);
}

describe('the gate before the cut-over', () => {
  test('is passed by what was proven, and by what could not be', async () => {
    expect(await judge('pass', { results: [result('pass')] })).toEqual({ kind: 'done', output: { outcome: 'pass' } });
    const unproven = await judge('not-proven', { results: [result('not-proven')] });
    expect(unproven).toEqual({ kind: 'done', output: { outcome: 'not-proven' } });
  });

  test('F44: is closed by one failure, which is named by keys and counts', async () => {
    await expect(judge('fail', { results: [result('pass'), result('fail', 1)] })).rejects.toMatchObject({
      code: 'restore.verification-failed',
      kind: 'permanent',
      params: {
        failed: 1,
        asked: 'nobody',
        findings: [{ check: 'foreign-key:1', finding: 'verification.orphans', params: { rows: 3 } }],
      },
    });
  });

  test('the team’s own check, where there is one, counts like any other', async () => {
    await expect(judge('pass', { job: result('fail') })).rejects.toMatchObject({ params: { failed: 1 } });
    expect(await judge('pass', { job: result('not-proven') })).toMatchObject({ output: { outcome: 'not-proven' } });
    expect(await judge('pass', { job: result('pass') })).toMatchObject({ output: { outcome: 'pass' } });
  });

  test('is closed by a report that says fail although its failures were cut off', async () => {
    await expect(judge('fail')).rejects.toMatchObject({ code: 'restore.verification-failed' });
  });

  test('a thousand findings don’t burst the ledger’s event', async () => {
    const results = Array.from({ length: 1000 }, (_, at) => result('fail', at));
    const error = await judge('fail', { results }).catch((thrown: { params: unknown }) => thrown);
    expect(error).toMatchObject({ params: { failed: 1000 } });
    expect(JSON.stringify(error).length).toBeLessThan(10_000);
  });
});

describe('F44: while people may decide about what was found', () => {
  const results = [result('fail', 1), result('fail', 2)];

  test('it waits for them, and looks again when their time is over at the latest', async () => {
    const because = { code: 'wait.findings', params: { findings: 2, required: 2 } };
    expect(await judge('fail', { results, gate: {} })).toEqual({ kind: 'wait', againSeconds: 20, because });
    expect(await judge('fail', { results, gate: { leftSeconds: 4 } })).toMatchObject({ againSeconds: 5 });
  });

  test('enough of them open it, and who they were is written down', async () => {
    const output = { outcome: 'accepted', by: ['ann', 'ben'], findings: 2 };
    const gate = { decision: 'approved', approvedBy: ['ann', 'ben'] } as const;
    expect(await judge('fail', { results, gate })).toEqual({ kind: 'done', output });
  });

  test.each(['denied', 'late'] as const)('%s: it stays closed', async (decision) => {
    await expect(judge('fail', { results, gate: { decision } })).rejects.toMatchObject({
      code: 'restore.verification-failed',
      params: { asked: decision },
    });
  });

  test('where nothing failed, nobody is waited for', async () => {
    expect(await judge('pass', { gate: {} })).toEqual({ kind: 'done', output: { outcome: 'pass' } });
    expect(await judge('pass', { gate: { decision: 'denied' } })).toMatchObject({ output: { outcome: 'pass' } });
  });
});
