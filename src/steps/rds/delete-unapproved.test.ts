import { describe, expect, it } from 'vitest';
import type { DatabaseInstance } from '../../clients/rds.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import type { StepContext } from '../../domain/step.ts';
import { deleteUnapproved } from './delete-unapproved.ts';

const operation = 'op-1';

/** An RDS with at most one instance, which it makes for a while before it lets it be deleted. */
function cloud(over: Partial<DatabaseInstance> | null = {}) {
  const made = { id: 'beside', status: 'creating', tags: { 'pitcrew:operation': operation }, settings: {}, ...over };
  const world = { instance: over ? (made as DatabaseInstance) : undefined, calls: [] as string[], down: false };
  const rds = () => ({
    async findInstance() {
      if (world.down) throw retryable('aws.unreachable');
      return world.instance;
    },
    async modifyInstance({ DeletionProtection = true }) {
      world.calls.push(`protected ${DeletionProtection}`);
      if (world.instance?.status !== 'available') throw retryable('aws.busy');
      world.instance = { ...world.instance, settings: { DeletionProtection } };
      return world.instance;
    },
    async deleteInstance(_: string, and?: { readonly automatedBackups: 'deleted' }) {
      world.calls.push(`delete, backups ${and?.automatedBackups ?? 'kept'}`);
      if (world.instance?.settings.DeletionProtection) throw permanent('aws.refused');
      if (world.instance?.status === 'creating') throw retryable('aws.busy');
      if (world.instance) world.instance = { ...world.instance, status: 'deleting' };
      return 'deleting' as const;
    },
  });
  const look = (sinceSeconds: number) =>
    deleteUnapproved(rds, 'beside', {
      operation,
      since: new Date(Date.now() - sinceSeconds * 1000).toISOString(),
      signal: new AbortController().signal,
      input: { region: 'r', operationTag: 'pitcrew:operation', takeBack: { pollSeconds: 15, landsWithinSeconds: 300 } },
    } as unknown as StepContext);
  return { world, look };
}

describe('the instance that nobody approved', () => {
  it('is deleted with its backups as soon as RDS lets it be, and not before', async () => {
    const { world, look } = cloud();
    expect(await look(10)).toMatchObject({ kind: 'wait', againSeconds: 15, because: { code: 'wait.deletable' } });
    expect(await look(900)).toMatchObject({ kind: 'wait', because: { code: 'wait.deletable' } });
    world.instance = { ...(world.instance as DatabaseInstance), status: 'available' };
    expect(await look(910)).toMatchObject({ kind: 'wait', because: { code: 'wait.rds-status' } });
    expect(await look(925)).toMatchObject({ kind: 'done' });
    expect(world.instance?.status).toBe('deleting');
    expect(new Set(world.calls)).toEqual(new Set(['delete, backups deleted']));
  });

  it('loses the protection that it has of its source first', async () => {
    const { world, look } = cloud({ status: 'available', settings: { DeletionProtection: true } as never });
    await look(400);
    expect(world.calls).toEqual(['protected false', 'delete, backups deleted']);
    expect(await look(400)).toMatchObject({ kind: 'done' });
  });

  it('is waited for where it isn’t there, as long as a late call could still make it', async () => {
    const { world, look } = cloud(null);
    expect(await look(1)).toMatchObject({ kind: 'wait', because: { code: 'wait.late-call' } });
    world.instance = { ...(cloud().world.instance as DatabaseInstance), status: 'available' };
    expect(await look(100)).toMatchObject({ kind: 'wait', because: { code: 'wait.rds-status' } });
    world.instance = undefined;
    expect(await look(299)).toMatchObject({ kind: 'wait' });
    expect(await look(301)).toMatchObject({ kind: 'done' });
  });

  it('is left alone where it bears another operation’s tag, or none', async () => {
    for (const tags of [{ 'pitcrew:operation': 'op-2' }, {}]) {
      const { world, look } = cloud({ status: 'available', tags });
      expect(await look(400)).toMatchObject({ kind: 'done' });
      expect(world.calls).toEqual([]);
    }
  });

  it('is waited for while AWS doesn’t answer', async () => {
    const { world, look } = cloud();
    world.down = true;
    expect(await look(400)).toMatchObject({ kind: 'wait' });
  });
});
