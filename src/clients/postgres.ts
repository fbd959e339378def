import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { bug, PitcrewError, permanent, retryable, userError } from '../domain/errors.ts';
import type { Secret } from '../domain/secret.ts';
import { copiedIn, copiedOut } from './postgres-copy.ts';

export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export interface DatabaseLogin {
  readonly user: string;
  readonly password: Secret;
}

export interface ConnectOptions {
  /** Of every statement, unless a transaction sets its own. */
  readonly statementTimeoutSeconds: number;
}

export interface Answer<Row> {
  readonly rows: readonly Row[];
  /** Rows returned, moved over or changed: what the command tag says. */
  readonly count: number;
}

/** One session. Statements run one after another, in the order in which they were given. */
export interface Database {
  /** Whether it was made sure who answers: by the environment's own PGSSLMODE. */
  readonly tlsVerified: boolean;
  /**
   * Runs one statement, never several. `bigint` comes as a number where that is exact, else as text; instants come as the
   * text that PostgreSQL writes in the session's time zone (UTC unless set otherwise).
   * @throws PitcrewError `database.*`, without row data and without the login
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<Answer<Row>>;
  /** What a `COPY … TO STDOUT` says, as it flows. The session does nothing else meanwhile. @throws PitcrewError `database.*` */
  copyOut(sql: string): AsyncIterable<Uint8Array>;
  /**
   * Gives a `COPY … FROM STDIN` what flows, no faster than the server takes it.
   * @returns rows
   * @throws PitcrewError `database.*`, and whatever the chunks throw
   */
  copyIn(sql: string, chunks: AsyncIterable<Uint8Array>): Promise<number>;
  /** Ends the session; never throws. */
  close(): Promise<void>;
}

export type Connect = (address: DatabaseAddress, login: DatabaseLogin, options: ConnectOptions) => Promise<Database>;

/** The part of the process's environment that says how TLS is done, by the names that libpq gave them. */
export interface TlsEnvironment {
  readonly PGSSLMODE?: string | undefined;
  /** File with the certificate authorities to trust; RDS's bundle, say. Unset: those of the system. */
  readonly PGSSLROOTCERT?: string | undefined;
}

const connectSeconds = 10;
/** What the network may add to a statement that its own timeout should have ended. */
const answerGraceSeconds = 15;

/** Connections to PostgreSQL. TLS is verified down to the host's name unless the environment says otherwise. */
export function postgres(environment: TlsEnvironment): Connect {
  return async (address, login, { statementTimeoutSeconds }) => {
    const client = new pg.Client({
      host: address.host,
      port: address.port,
      database: address.database,
      user: login.user,
      password: login.password.reveal(),
      ssl: tlsOptions(environment),
      application_name: 'pitcrew',
      connectionTimeoutMillis: connectSeconds * 1000,
      statement_timeout: statementTimeoutSeconds * 1000,
      query_timeout: (statementTimeoutSeconds + answerGraceSeconds) * 1000,
      idle_in_transaction_session_timeout: 600_000,
      keepAlive: true,
      options: '-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres',
      types: { getTypeParser: parserFor as typeof pg.types.getTypeParser },
    });
    // A session that dies while idle is told by the next query; without a listener Node would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
    } catch (error) {
      void client.end().catch(() => {});
      throw translated(error, address, login.user);
    }
    const tlsVerified = /^verify-/.test(environment.PGSSLMODE ?? strictest);
    return sessionOf(client, { address, user: login.user, tlsVerified });
  };
}

interface Login {
  readonly address: DatabaseAddress;
  readonly user: string;
  readonly tlsVerified: boolean;
}

function sessionOf(client: pg.Client, { address, user, tlsVerified }: Login): Database {
  return {
    tlsVerified,
    async query<Row extends object>(sql: string, parameters: readonly unknown[] = []) {
      try {
        // The extended protocol takes one statement only: nothing can be hung behind a configured query.
        const query: pg.QueryConfig & { queryMode: 'extended' } = {
          text: sql,
          values: [...parameters],
          queryMode: 'extended',
        };
        const result = await client.query<Row>(query);
        return { rows: result.rows, count: result.rowCount ?? 0 };
      } catch (error) {
        throw translated(error, address, user);
      }
    },
    async *copyOut(sql) {
      try {
        yield* copiedOut(client, sql);
      } catch (error) {
        throw translated(error, address, user);
      }
    },
    async copyIn(sql, chunks) {
      try {
        return await copiedIn(client, sql, chunks);
      } catch (error) {
        throw translated(error, address, user);
      }
    },
    async close() {
      await client.end().catch(() => {});
    },
  };
}

const bigintOid = 20;
const instantOids = new Set([1082, 1083, 1114, 1184, 1266]);

/** Instants stay text: as a Date they would lose microseconds, and those without a zone would take the worker's. */
function parserFor(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === bigintOid)
    return (value) => {
      const exact = Number(value);
      return Number.isSafeInteger(exact) ? exact : value;
    };
  if (instantOids.has(oid)) return (value) => value;
  return pg.types.getTypeParser(oid, (format ?? 'text') as 'text');
}

/** What holds where the environment says nothing. */
const strictest = 'verify-full';

/** As libpq reads them (PostgreSQL manual, "SSL Support"), without the modes that fall back to plain text. */
function tlsOptions({ PGSSLMODE: mode = strictest, PGSSLROOTCERT: file }: TlsEnvironment): ConnectionOptions | false {
  const authorities = file ? { ca: authoritiesIn(file) } : {};
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      // libpq: with a root certificate at hand, `require` verifies the chain.
      return file ? { ...authorities, checkServerIdentity: () => undefined } : { rejectUnauthorized: false };
    case 'verify-ca':
      return { ...authorities, checkServerIdentity: () => undefined };
    case 'verify-full':
      return authorities;
    default:
      throw userError('database.ssl-mode', { mode });
  }
}

function authoritiesIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw userError('database.root-certificate', { file }, error);
  }
}

const refusedLogin = new Set(['28P01', '28000']);
/** The server is starting, stopping or full, or the connection broke: another try may find it well. */
const away = /^(57P0[1-5]|53300|08...|E[A-Z_]+)$/;
const contention = new Set(['40001', '40P01', '55P03', '25P03']);
const certificate = /^(CERT_|ERR_TLS|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_SSL|HOSTNAME_MISMATCH)/;

/** Told apart by SQLSTATE (PostgreSQL manual, appendix A) and Node's codes, by words only where pg gives no code. */
function translated(error: unknown, { host, port, database }: DatabaseAddress, user: string): PitcrewError {
  if (error instanceof PitcrewError) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const cause = withoutRows(error);
  const where = { host, port, database };
  if (refusedLogin.has(code)) return permanent('database.login-refused', { ...where, user }, cause);
  if (code === '3D000') return permanent('database.unknown', where, cause);
  if (code === '42501') return permanent('database.denied', { ...where, user }, cause);
  if (code === '57014' || message === 'Query read timeout') return retryable('database.timeout', where, cause);
  if (contention.has(code)) return retryable('database.contention', { ...where, sqlState: code }, cause);
  if (certificate.test(code) || /does not support SSL/.test(message)) return permanent('database.tls', where, cause);
  if (away.test(code) || code === '') return retryable('database.unreachable', where, cause);
  if (/^[0-9A-Z]{5}$/.test(code)) return permanent('database.query-failed', { ...where, sqlState: code }, cause);
  return bug('database.unexpected', { ...where, code }, cause);
}

/** PostgreSQL puts whole keys and rows into `detail`, `where` and, for bad input, the message: the log gets none of it. */
function withoutRows(error: unknown): unknown {
  const { code, severity, schema, table, column, constraint, routine, message } = error as Partial<pg.DatabaseError>;
  if (!severity) return error;
  const safe = new Error(code?.startsWith('22') || code?.startsWith('23') ? `SQLSTATE ${code}` : message);
  return Object.assign(safe, { code, severity, schema, table, column, constraint, routine });
}
