import { expect, it } from 'vitest';
import type { DatabaseInstance } from '../../clients/rds.ts';
import { contextOf } from '../kubernetes/step-context.fixture.ts';
import { proveOldInstance } from './prove-old-instance.ts';

const seen = (more: Partial<DatabaseInstance>) =>
  ({
    id: 'old',
    arn: 'arn',
    resourceId: 'db-OLD',
    status: 'available',
    endpoint: { host: 'old', port: 5432 },
    ...more,
  }) as DatabaseInstance;
const input = { region: 'eu-west-1', instance: 'old', resourceId: 'db-OLD', pollSeconds: 5, readHost: 'reads' };
const look = (found: DatabaseInstance | undefined) =>
  proveOldInstance({ rds: () => ({ findInstance: async () => found }) }).run(contextOf({ input }));

it('the instance that is gone back to must be available, and the one that it was by its resource id', async () => {
  expect(await look(seen({}))).toMatchObject({
    kind: 'done',
    output: { id: 'old', resourceId: 'db-OLD', host: 'old', port: 5432, readHost: 'reads' },
  });
  expect(await look(seen({ status: 'backing-up' }))).toMatchObject({ kind: 'wait' });
  await expect(look(seen({ resourceId: 'db-OTHER' }))).rejects.toMatchObject({ code: 'rollback.old-is-another' });
  await expect(look(undefined)).rejects.toMatchObject({ code: 'rollback.old-gone' });
  for (const status of ['deleting', 'stopped', 'failed', 'incompatible-restore'])
    await expect(look(seen({ status }))).rejects.toMatchObject({ code: 'rollback.old-not-available' });
});
