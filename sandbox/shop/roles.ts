import pg from 'pg';

export interface RolePasswords {
  /** `ecommerce_app`: what the service logs in as. */
  readonly app: string;
  /** `pitcrew_verify`: reads everything, changes nothing. */
  readonly verify: string;
  /** `pitcrew_fence`: bars the application's role and ends its sessions. */
  readonly fence: string;
}

/**
 * The roles of the shop's instance, made by its master user, who need not be a superuser (on RDS it can't be): with
 * PostgreSQL 15, CREATEROLE is enough to grant the predefined roles. A role that exists keeps what it has and gets the
 * password.
 */
export async function createRoles(client: pg.Client, passwords: RolePasswords): Promise<void> {
  const app = await role(client, 'ecommerce_app', 'LOGIN', passwords.app);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${app}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${app}`);
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${app}`);
  await client.query(
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app}`,
  );
  await client.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${app}`);

  const verify = await role(client, 'pitcrew_verify', 'LOGIN', passwords.verify);
  await client.query(`GRANT pg_read_all_data, pg_monitor TO ${verify}`);
  await client.query(`ALTER ROLE ${verify} SET default_transaction_read_only = on`);

  // The least that lets a non-superuser of PostgreSQL 15 run ALTER ROLE ecommerce_app NOLOGIN and end its sessions.
  // From 16 on CREATEROLE alone no longer reaches roles that others made: there it needs ADMIN OPTION on the role too.
  const fence = await role(client, 'pitcrew_fence', 'LOGIN CREATEROLE', passwords.fence);
  await client.query(`GRANT pg_signal_backend, pg_read_all_stats TO ${fence}`);
}

/** Lets `pitcrew_verify` look for corruption. Needs a server whose master user may create amcheck, as on RDS. */
export async function allowAmcheck(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS amcheck');
    await client.query(
      `GRANT EXECUTE ON FUNCTION bt_index_check(regclass), bt_index_check(regclass, boolean),
         verify_heapam(regclass, boolean, boolean, text, bigint, bigint) TO pitcrew_verify`,
    );
  } finally {
    await client.end();
  }
}

async function role(client: pg.Client, name: string, attributes: string, password: string): Promise<string> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  const identifier = pg.escapeIdentifier(name);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${identifier} ${attributes} PASSWORD ${pg.escapeLiteral(password)}`);
  return identifier;
}
