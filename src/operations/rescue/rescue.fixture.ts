import { type PrivateDatabase, roleSecret } from '../../clients/private-database.fixture.ts';
import type { Records } from '../../domain/records.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import type { PastOperation } from '../../planning/past-operation.ts';
import type { RescueClients } from './operation.ts';

const arn = (id: string) => `arn:aws:rds:eu-west-1:123456789012:db:${id}`;
const identity = (id: string, port: number) => ({ id, arn: arn(id), resourceId: `db-${id}`, host: '127.0.0.1', port });

/** A restore that replaced `shop-old` by `shop-new`. */
export const besidePast = { id: 'op-00000000000a' };

function past(oldPort: number, newPort: number): PastOperation {
  const [source, made] = [identity('shop-old', oldPort), identity('shop-new', newPort)];
  return {
    state: {
      id: besidePast.id,
      phase: 'closed',
      request: { operation: 'restore', environment: 'production' },
      closed: { outcome: 'succeeded' },
      steps: [
        { step: 'await-instance', status: 'done', output: made },
        { step: 'switch-secret', status: 'done' },
      ],
    },
    plan: { bound: { decided: { source } } },
  } as never;
}

/** RDS, the secret and the ledger as they are after that restore; both databases are real. */
export function rescueClients(beside: PrivateDatabase, live: PrivateDatabase, records: Records): RescueClients {
  const instance = (id: string, { port }: PrivateDatabase) => ({
    ...identity(id, port),
    engine: 'postgres',
    status: 'available',
    endpoint: { host: '127.0.0.1', port },
    tags: {},
  });
  const all = [instance('shop-old', beside), instance('shop-new', live)];
  const rds = {
    findInstance: async (id: string) => all.find((one) => one.id === id),
    findInstanceByEndpoint: async (_: string, port: number) => all.find((one) => one.port === port),
  };
  const secret = {
    arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop',
    versionId: 'v1',
    document: { DB_HOST: '127.0.0.1', DB_PORT: live.port, DB_NAME: 'shop', DB_USERNAME: 'shop_app' },
  };
  const keys = { host: 'DB_HOST', port: 'DB_PORT', database: 'DB_NAME', user: 'DB_USERNAME', password: 'DB_PASSWORD' };
  return {
    environment: () => ({
      name: 'production',
      region: 'eu-west-1',
      secret: { id: 'shop_app', keys },
      database: { instance: 'shop-old', name: 'shop', verifyRole: roleSecret('pitcrew_reader') },
      checks: { gateMinutes: 1 },
      workloads: [],
    }),
    rds: () => rds,
    secrets: () => ({ current: async () => secret }),
    access: {
      // Both servers have the same roles, each with the certificates of its own household.
      connect: (address: { port: number }, ...rest: never[]) =>
        (address.port === live.port ? live : beside).connect(address as never, ...(rest as [never, never])),
      credentials: (role: RoleSecret) => live.credentials(role),
    },
    records,
    behindAlias: async () => undefined,
    history: {
      find: async (id: string) => (id === besidePast.id ? past(beside.port, live.port) : undefined),
      closed: async () => [],
    },
  } as never;
}
