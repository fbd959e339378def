import { aliasesByDns } from './clients/aws-address.ts';
import { kubernetes } from './clients/kubernetes.ts';
import { postgres } from './clients/postgres.ts';
import { postgresPrograms } from './clients/postgres-programs.ts';
import { rds } from './clients/rds.ts';
import { s3 } from './clients/s3.ts';
import { secretsManager } from './clients/secrets.ts';
import type { ProcessSettings, Variables } from './config/environment.ts';
import type { Inspector } from './domain/inspection.ts';
import type { RoleSecret, Settings } from './domain/settings.ts';
import type { DumpLooks } from './inspection/dumps.ts';
import { inspectEnvironment } from './inspection/environment.ts';
import { createRecorder, type LookEnd, type Recorder } from './inspection/recorder.ts';
import { proveTools } from './jobs/dump-by-exec.ts';
import { records } from './ledger/records.ts';
import { openBucket, probe } from './ledger/s3-store.ts';
import { connect, requireNoEviction } from './queue/redis.ts';
import { inspectSlack } from './slack/inspect.ts';

interface Checking {
  readonly settings: Settings;
  readonly environment: ProcessSettings;
  readonly variables: Variables;
  readonly onEnd: (end: LookEnd) => void;
}

/**
 * Asks the real services whether all that the config names is there and may be used, by the clients that would use it.
 * Writes what every start writes, a probe into the ledger's bucket, and changes nothing else.
 */
export async function checkLive({ settings, environment, variables, onEnd }: Checking): Promise<Recorder> {
  const recorder = createRecorder(onEnd);
  const bucket = openBucket(settings.ledger);
  const connectToDatabase = postgres(variables);
  const cluster = kubernetes();
  const behindAlias = aliasesByDns();
  const ofRegion = (region: string) => ({ rds: rds(region), secrets: secretsManager(region), s3: s3(region) });
  const dumping: Pick<DumpLooks, 'findPrograms' | 'proveTools'> = {
    findPrograms: postgresPrograms(variables),
    proveTools: (tools, server) => proveTools({ cluster }, tools, server),
  };
  try {
    await Promise.all([
      recorder.look('ledger.bucket', 'conditional-create', () => probe(bucket.store)),
      inspectRedis(recorder, environment),
      environment.slack && inspectSlack(recorder, environment.slack, settings),
      ...Object.values(settings.environments).map((one) => {
        const here = ofRegion(one.region);
        const access = {
          connect: connectToDatabase,
          credentials: ({ secret, keys }: RoleSecret) => here.secrets.roleCredentials(secret, keys),
        };
        const clients = { ...here, ...dumping, access, cluster, behindAlias, records: records(bucket.store) };
        return inspectEnvironment(recorder, clients, one);
      }),
    ]);
  } finally {
    bucket.close();
  }
  return recorder;
}

async function inspectRedis(inspector: Inspector, { redisUrl }: ProcessSettings): Promise<void> {
  if (!redisUrl) return;
  const redis = connect(redisUrl.reveal(), 'commands', () => {});
  try {
    await inspector.look('REDIS_URL', 'eviction-policy', () => requireNoEviction(redis));
  } finally {
    redis.disconnect();
  }
}
