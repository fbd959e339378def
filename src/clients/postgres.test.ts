import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../sandbox/household.ts';
import { PitcrewError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { postgres } from './postgres.ts';
import { type PrivateDatabase, privateDatabase, roleSecret } from './private-database.fixture.ts';

let server: PrivateDatabase;
beforeAll(async () => {
  server = await privateDatabase();
});
afterAll(() => server.close());

const soon = { statementTimeoutSeconds: 5 };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as PitcrewError,
  );
const login = () => server.credentials(roleSecret('shop_app'));

describe('a connection', () => {
  it('uses TLS and says who it is', async () => {
    const database = await server.connect(server.address('postgres'), await login(), soon);
    const { rows } = await database.query(
      `SELECT s.ssl, a.application_name FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE pid = pg_backend_pid()`,
    );
    await database.close();
    expect(rows).toEqual([{ ssl: true, application_name: 'pitcrew' }]);
  });

  it('is refused when the server is not the one that the certificate names, unless only the authority is asked for', async () => {
    // The resolver takes 127.1 for 127.0.0.1; the certificate doesn't.
    const address = { ...server.address('postgres'), host: '127.1' };
    const strict = postgres({ PGSSLROOTCERT: server.caFile });
    const error = await failure(strict(address, await login(), soon));
    expect(error).toMatchObject({ code: 'database.tls', kind: 'permanent' });
    const lenient = postgres({ PGSSLMODE: 'verify-ca', PGSSLROOTCERT: server.caFile });
    await (await lenient(address, await login(), soon)).close();
  });

  it('is refused when the authority is not trusted', async () => {
    const error = await failure(postgres({})(server.address('postgres'), await login(), soon));
    expect(error).toMatchObject({ code: 'database.tls', kind: 'permanent' });
  });

  it('with a wrong password is a permanent error that shows no password', async () => {
    const password = new Secret('not-this-one');
    const error = await failure(server.connect(server.address('postgres'), { user: 'shop_app', password }, soon));
    expect(error).toMatchObject({ code: 'database.login-refused', kind: 'permanent', params: { user: 'shop_app' } });
    expect(`${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`).not.toContain('not-this-one');
  });

  it('to nobody is retryable', async () => {
    const address = { host: '127.0.0.1', port: await freePort(), database: 'postgres' };
    expect(await failure(server.connect(address, await login(), soon))).toMatchObject({
      code: 'database.unreachable',
      kind: 'retryable',
    });
  });

  it('to a database that does not exist is permanent', async () => {
    const error = await failure(server.connect(server.address('nowhere'), await login(), soon));
    expect(error).toMatchObject({ code: 'database.unknown', kind: 'permanent' });
  });

  it('refuses modes that fall back to plain text', async () => {
    const connect = postgres({ PGSSLMODE: 'prefer' });
    expect(await failure(connect(server.address('postgres'), await login(), soon))).toMatchObject({
      code: 'database.ssl-mode',
    });
  });
});

describe('a query', () => {
  const query = async (sql: string, parameters: readonly unknown[] = [], seconds = 5) => {
    const database = await server.connect(server.address('postgres'), await login(), {
      statementTimeoutSeconds: seconds,
    });
    try {
      return await database.query(sql, parameters);
    } finally {
      await database.close();
    }
  };

  it('gives counts as numbers, what a number cannot hold as text, and instants in UTC with microseconds', async () => {
    const { rows } = await query(
      `SELECT 5::bigint AS count, 9007199254740993::bigint AS big, '2026-11-20 03:14:15.123456+01'::timestamptz AS at`,
    );
    expect(rows).toEqual([{ count: 5, big: '9007199254740993', at: '2026-11-20 02:14:15.123456+00' }]);
  });

  it('that takes too long is ended by the server', async () => {
    expect(await failure(query('SELECT pg_sleep(30)', [], 1))).toMatchObject({
      code: 'database.timeout',
      kind: 'retryable',
    });
  });

  it('takes one statement only', async () => {
    expect(await failure(query('SELECT 1; SELECT 2'))).toMatchObject({
      code: 'database.query-failed',
      params: { sqlState: '42601' },
    });
  });

  it('that breaks a constraint tells no row', async () => {
    await server.sql('postgres', 'CREATE TABLE people (email text UNIQUE)', 'GRANT INSERT ON people TO shop_app');
    await query(`INSERT INTO people VALUES ('jane@example.com')`);
    const error = await failure(query(`INSERT INTO people VALUES ('jane@example.com')`));
    expect(error).toBeInstanceOf(PitcrewError);
    const cause = error.cause as Error;
    expect(`${JSON.stringify(error)} ${JSON.stringify(cause)} ${cause.message} ${cause.stack}`).not.toContain('jane@');
  });

  it('in a session that was ended is retryable, and ends nothing else', async () => {
    const database = await server.connect(server.address('postgres'), await login(), soon);
    await server.sql('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop_app'`);
    expect(await failure(database.query('SELECT 1'))).toMatchObject({
      code: 'database.unreachable',
      kind: 'retryable',
    });
    await database.close();
  });
});
