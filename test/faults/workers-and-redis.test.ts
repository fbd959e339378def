import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import type { Pitcrew } from '../../sandbox/pitcrew.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.snapshot();
});
afterAll(() => stage?.close());

/** Asked for and approved by two; the worker is on it. */
async function approvedRestore(): Promise<string> {
  const operation = await stage.incident.restore('rosa', { reason: 'a drill' });
  await stage.incident.until(operation, planned);
  await stage.incident.approve('amir', operation);
  await stage.incident.approve('wei', operation);
  return operation;
}

const intended = (step: string) => (chain: readonly LedgerEvent[]) =>
  chain.find(({ type, data }) => type === 'intent' && data.step === step);

const kill = async ({ child }: Pitcrew) => {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
};

/** What must hold after every one of these, whatever was killed. */
async function expectOneRestore(operation: string, before: readonly string[]): Promise<readonly LedgerEvent[]> {
  const end = await stage.incident.until(operation, closed, 240);
  expect(end).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
  expect(await stage.instances()).toHaveLength(before.length + 1);
  await eventually('both replicas are ready', async () => (await stage.replicas()).ready === 2);
  const chain = await stage.incident.ledger.chain(operation);
  const effective = chain
    .filter(({ type, data }) => type === 'done' && data.direction === 'do')
    .map(({ data }) => data.step);
  expect(new Set(effective).size).toBe(effective.length);
  return chain;
}

describe('workers die', () => {
  it('F1: SIGKILL of the worker while RDS works: another worker finishes, one instance stands', async () => {
    const before = await stage.instances();
    const first = await stage.worker();
    const operation = await approvedRestore();
    await stage.incident.until(operation, intended('await-instance'));
    await kill(first);
    const second = await stage.worker();
    const chain = await expectOneRestore(operation, before);
    expect(new Set(chain.filter(({ type }) => type === 'intent').map(({ run }) => run)).size).toBe(2);
    await second.stop();
  });

  it('F2, F3: SIGKILL right after the restore call, its answer lost: adopted by tag, one instance stands', async () => {
    const before = await stage.instances();
    const first = await stage.worker();
    const { faults } = stage.world.aws;
    // Until cleared: the SDK's own retries get no answer either.
    faults.order({ service: 'rds', action: 'RestoreDBInstanceFromDBSnapshot', fault: { kind: 'lose-answer' } });
    const operation = await approvedRestore();
    await eventually('the call took effect', async () => (await stage.instances()).length > before.length);
    await kill(first);
    faults.clear('rds');
    const chain = await stage.incident.ledger.chain(operation);
    expect(chain.some(({ type, data }) => type === 'done' && data.step === 'restore-instance')).toBe(false);
    const second = await stage.worker();
    const whole = await expectOneRestore(operation, before);
    const output = whole.find(({ type, data }) => type === 'done' && data.step === 'restore-instance')?.data.output;
    expect(output).toMatchObject({ adopted: true });
    await second.stop();
  });
});

describe('Redis forgets', () => {
  it('F7: FLUSHALL in mid-restore: the same final state, within 60 s plus what RDS still needed', async () => {
    const before = await stage.instances();
    const worker = await stage.worker();
    const operation = await approvedRestore();
    await stage.incident.until(operation, intended('await-instance'));
    await sleep(500);
    const redis = new Redis(stage.world.redis.url);
    await redis.flushall();
    redis.disconnect();
    const flushedAt = Date.now();
    const chain = await expectOneRestore(operation, before);
    const ended = chain.find(({ type }) => type === 'closed')?.at.getTime() ?? Number.POSITIVE_INFINITY;
    const rdsSeconds = 15;
    expect((ended - flushedAt) / 1000).toBeLessThan(60 + rdsSeconds);
    await worker.stop();
  });

  it('F6: Redis killed without persistence in mid-operation: the operation goes on from the ledger', async () => {
    const before = await stage.instances();
    const worker = await stage.worker();
    const operation = await approvedRestore();
    await stage.incident.until(operation, intended('await-instance'));
    await stage.world.restartRedis(2);
    await expectOneRestore(operation, before);
    await worker.stop();
  });
});
