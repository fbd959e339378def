import { setTimeout as sleep } from 'node:timers/promises';
import { region } from '../../clients/cloud.fixture.ts';
import { type Connect, postgres } from '../../clients/postgres.ts';
import { type DatabaseInstance, rds } from '../../clients/rds.ts';
import { secretsManager } from '../../clients/secrets.ts';
import type { RoleSecret } from '../../domain/settings.ts';

/** Every statement that pitcrew sent by `access`, with its parameters. A test empties it before it begins. */
export const sent: string[] = [];

const connect: Connect = async (...to) => {
  const database = await postgres({ PGSSLMODE: 'require' })(...to);
  const query: typeof database.query = (sql, parameters) => {
    sent.push(JSON.stringify([sql, parameters]));
    return database.query(sql, parameters);
  };
  return { ...database, query };
};

/** PostgreSQL with the logins that the cloud's secrets have. */
export const access = {
  connect,
  credentials: (role: RoleSecret) => secretsManager(region).roleCredentials(role.secret, role.keys),
};

const keys = { user: 'username', password: 'password' };
export const secretOf = (name: string): RoleSecret => ({ region, secret: `production/${name}`, keys });

/** Waits until RDS says that it is. */
export async function availableInstance(id: string): Promise<DatabaseInstance> {
  for (; ; await sleep(100)) {
    const found = await rds(region).findInstance(id);
    if (found?.status === 'available') return found;
  }
}
