import type { SwapBackOutputs } from '../../domain/rollback.ts';
import { everybody, identifier, psql, quoted } from '../../planning/typed-commands.ts';
import { serverDatabase } from '../../steps/postgres/master-of.ts';
import type { SwapBackFacts } from './swap-back-facts.ts';

type Argv = readonly string[];

/** The commands for every step, for people to read and, if all else fails, to type. Never executed. */
export function swapBackCommands({ address, databases, environment }: SwapBackFacts): {
  readonly [Step in keyof SwapBackOutputs]: readonly Argv[];
} {
  const master = { host: address.host, port: String(address.port), role: '$MASTER_USER', database: serverDatabase };
  const server = (sql: string) => psql(master, sql);
  const inside = (sql: string) => psql({ ...master, database: databases.live }, sql);
  const { back, leaves } = databases;
  const [live, restored, kept] = [databases.live, back.name, leaves.name].map(identifier);
  const which = `SELECT oid, datname, datallowconn, shobj_description(oid, 'pg_database') FROM pg_database WHERE oid IN (${back.oid}, ${leaves.oid})`;
  const since = `age(xmin) < (SELECT age(d.xmin) FROM pg_database d WHERE d.oid = ${leaves.oid})`;
  return {
    'prove-kept': [server(which)],
    'prove-swappable': [inside(everybody)],
    'measure-written': environment.checks.critical.map((table) =>
      inside(`SELECT count(*), count(*) FILTER (WHERE ${since}) FROM ${table}`),
    ),
    'swap-back': [
      server(
        `BEGIN; ALTER DATABASE ${live} RENAME TO ${kept}; ALTER DATABASE ${restored} RENAME TO ${live}; ALTER DATABASE ${kept} ALLOW_CONNECTIONS false; ALTER DATABASE ${live} ALLOW_CONNECTIONS true; COMMIT`,
      ),
      server(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${quoted(databases.live)}`),
    ],
    'prove-swapped-back': [server(which), inside(everybody)],
  };
}
