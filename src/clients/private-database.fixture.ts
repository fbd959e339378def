import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createCertificates } from '../../sandbox/aws/rds/certificates.ts';
import { type Cluster, createCluster, makeFolder } from '../../sandbox/aws/rds/cluster.ts';
import { createTemplate } from '../../sandbox/aws/rds/template.ts';
import { type Household, openHousehold } from '../../sandbox/household.ts';
import { Secret } from '../domain/secret.ts';
import type { RoleSecret } from '../domain/settings.ts';
import type { Credentials } from '../verification/access.ts';
import { type Connect, type DatabaseAddress, postgres } from './postgres.ts';

/** A PostgreSQL of a test's own, with TLS and the roles that pitcrew's documentation asks for. */
export interface PrivateDatabase {
  readonly household: Household;
  readonly port: number;
  /** With verified TLS against `caFile`. */
  readonly connect: Connect;
  readonly caFile: string;
  readonly credentials: Credentials;
  address(database: string): DatabaseAddress;
  /** Runs statements as the superuser, over the socket. */
  sql(database: string, ...statements: readonly string[]): Promise<pg.QueryResult>;
  /** A session of a role that stays open until it is ended. */
  session(role: Role, database: string): Promise<pg.Client>;
  /** With other parameters, on the same port; every session ends. */
  restart(parameters: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export const roles = ['shop_app', 'pitcrew_reader', 'pitcrew_fence', 'analyst'] as const;
export type Role = (typeof roles)[number];

export const roleSecret = (role: Role): RoleSecret => ({
  region: 'eu-west-1',
  secret: role,
  keys: { user: 'user', password: 'password' },
});
const passwordOf = (role: string) => `pass word of ${role}'s`;

export async function privateDatabase(parameters: Readonly<Record<string, string>> = {}): Promise<PrivateDatabase> {
  const household = openHousehold('pitcrew-database-test');
  const caFile = join(household.folder, 'ca.pem');
  const [certificate, template] = await Promise.all([
    createCertificates(household, join(household.folder, 'tls'), caFile, 'eu-west-1'),
    createTemplate(household, join(household.folder, 'template')),
  ]);
  const folder = join(household.folder, 'cluster');
  await makeFolder(folder);
  const cluster: Cluster = createCluster({ household, name: 'cluster', folder });
  await rename(template.dataFolder, cluster.dataFolder); // nobody else wants it
  const start = (given: Readonly<Record<string, string>>) =>
    cluster.start({
      archiveFolder: folder,
      archiveTimeoutSeconds: 0,
      certificate,
      parameters: { archive_mode: 'off', ...given },
    });
  await start(parameters);
  const sql: PrivateDatabase['sql'] = (database, ...statements) =>
    cluster.asSuperuser(database, async (client) => {
      let last: pg.QueryResult | undefined;
      for (const statement of statements) last = await client.query(statement);
      return last as pg.QueryResult;
    });
  for (const role of roles)
    await sql('postgres', `CREATE ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(passwordOf(role))}`);
  await sql(
    'postgres',
    'GRANT pg_read_all_data, pg_monitor TO pitcrew_reader',
    'ALTER ROLE pitcrew_fence CREATEROLE',
    'GRANT pg_monitor, pg_signal_backend TO pitcrew_fence',
  );
  return {
    household,
    caFile,
    port: cluster.port,
    connect: postgres({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: caFile }),
    credentials: async ({ secret }) => ({ user: secret, password: new Secret(passwordOf(secret)) }),
    address: (database) => ({ host: '127.0.0.1', port: cluster.port, database }),
    sql,
    async session(role, database) {
      const ssl = { rejectUnauthorized: false };
      const login = { user: role, password: passwordOf(role), application_name: 'test' };
      const client = new pg.Client({ host: '127.0.0.1', port: cluster.port, database, ssl, ...login });
      client.on('error', () => {}); // it may be ended from the other side
      await client.connect();
      return client;
    },
    async restart(given) {
      await cluster.stop('fast');
      await start(given);
    },
    close: () => household.close(),
  };
}
