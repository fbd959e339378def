import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AwsFront, startAws } from '../../sandbox/aws/front.ts';
import { createS3 } from '../../sandbox/aws/s3/s3.ts';
import { type Household, openHousehold } from '../../sandbox/household.ts';
import type { Kubernetes } from '../clients/kubernetes.ts';
import type { ObjectView, PodView } from '../clients/kubernetes-views.ts';
import { type S3, s3 } from '../clients/s3.ts';
import { permanent } from '../domain/errors.ts';
import type { Environment } from '../domain/settings.ts';
import type { CurrentInstance } from '../planning/current-instance.ts';
import { type DumpLooks, inspectDumps } from './dumps.ts';
import { createRecorder, type LookEnd } from './recorder.ts';
import { inspectJobs } from './rights.ts';

const bucket = 'backups';
const keys = { accessKeyId: 'AKIASANDBOXPITCREW00', secretAccessKey: 'sandbox-secret-access-key' };
const before = { ...process.env };
let household: Household;
let aws: AwsFront;
let client: S3;
beforeAll(async () => {
  household = openHousehold('pitcrew-inspection-test');
  const store = createS3({ household });
  store.buckets.create(bucket, { versioning: true, region: 'eu-west-1' });
  aws = await startAws({ services: [store], account: '123456789012', credentials: keys });
  process.env.AWS_ENDPOINT_URL = aws.url;
  process.env.AWS_ACCESS_KEY_ID = keys.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = keys.secretAccessKey;
  client = s3('eu-west-1');
});
afterEach(() => aws.faults.clear());
afterAll(async () => {
  process.env = before;
  await aws?.close();
  await household?.close();
});

type Dumps = NonNullable<Environment['dumps']>;
const place = { bucket, prefix: 'database/' };
const byJob: Dumps = { ...place, runner: 'job', image: 'acme/pitcrew:1', serviceAccount: 'pitcrew-dumps' };
const byExec: Dumps = { ...place, runner: 'exec', tools: { namespace: 'production', deployment: 'tools' } };
const environmentWith = (dumps: Dumps | undefined, checks: Partial<Environment['checks']> = {}) =>
  ({
    name: 'production',
    workloads: [{ cluster: '', namespace: 'shop', kind: 'deployment', name: 'backend' }],
    checks,
    ...(dumps ? { dumps } : {}),
  }) as Partial<Environment> as Environment;
const current = { instance: { engineVersion: '15.4' } } as CurrentInstance;

/** A cluster with one Deployment and its pod, and somebody who lacks rights in it. */
interface ClusterState {
  readonly lacking: Set<string>;
  ready: boolean;
  /** In which namespaces was asked. */
  readonly asked: Set<string>;
}
let state: ClusterState;
let client15: boolean;
let proven: { pod: string; major: number }[];
beforeEach(() => {
  state = { lacking: new Set(), ready: true, asked: new Set() };
  client15 = true;
  proven = [];
});

const cluster: Pick<Kubernetes, 'may' | 'find' | 'pods'> = {
  may: async ({ verb, resource, namespace }) => {
    state.asked.add(namespace);
    return !state.lacking.has(`${verb} ${resource}`);
  },
  find: async (ref) =>
    ({ ...ref, spec: { selector: { matchLabels: { app: 'tools' } } } }) as Partial<ObjectView> as ObjectView,
  pods: async () => [{ name: 'tools-1', ready: state.ready } as Partial<PodView> as PodView],
};

async function inspect(dumps: Dumps | undefined, now: CurrentInstance | undefined = current, bucketOf: S3 = client) {
  const ends: LookEnd[] = [];
  const recorder = createRecorder((end) => ends.push(end));
  const looks: DumpLooks = {
    cluster: cluster as Kubernetes,
    s3: bucketOf,
    findPrograms: async (major) => (client15 && major === 15 ? { dump: '', restore: '', version: '15.4' } : undefined),
    async proveTools({ pod }, { major }) {
      proven.push({ pod, major });
      if (major !== 15) throw permanent('dump.exec-client', { pod, major, found: '15.4' });
    },
  };
  const environment = environmentWith(dumps);
  await Promise.all([inspectDumps(recorder, looks, environment, now), inspectJobs(recorder, cluster, environment)]);
  const found = recorder.faults.map(({ path, error }) => ({
    path: path.replace('environments.production.', ''),
    code: error.code,
    params: error.params,
  }));
  return { found, ends, remarks: recorder.remarks };
}
const whatOf = (ends: readonly LookEnd[]) => ends.map(({ what, ok }) => `${ok ? '' : '!'}${what}`).sort();
const deny = (action: string) => aws.faults.order({ service: 's3', action, fault: { kind: 'deny' } });

describe('what dumps by a Job need', () => {
  it('is looked at, and leaves nothing in the bucket', async () => {
    const { found, ends, remarks } = await inspect(byJob);
    expect(found).toEqual([]);
    expect(whatOf(ends)).toEqual(
      ['dump-abort', 'dump-list', 'dump-read', 'dump-uploads', 'image', 'job-rights', 'programs'].sort(),
    );
    expect(await client.list(bucket, '')).toEqual([]);
    expect(await client.unfinished({ bucket, key: 'database/production/check-config.dump' })).toEqual([]);
    // The worker's rights are asked; the Job has its own, and that is said.
    expect(remarks.map(({ note }) => note.code)).toEqual(['inspection.job-as']);
  });

  it('each right that S3 refuses is a fault of its own', async () => {
    const wanted = ['ListBucket', 'GetObject', 'ListBucketMultipartUploads', 'AbortMultipartUpload'];
    for (const action of ['ListObjectsV2', 'HeadObject', 'ListMultipartUploads', 'AbortMultipartUpload']) deny(action);
    const { found } = await inspect(byJob);
    expect(found.map(({ path, code }) => `${path} ${code}`)).toEqual(wanted.map(() => 'dumps.bucket aws.denied'));
    expect(found.map(({ params }) => params?.action).sort()).toEqual(wanted.map((right) => `s3:${right}`).sort());
  });

  it('a worker that may not write is none: it is the Job that writes', async () => {
    deny('CreateMultipartUpload');
    deny('PutObject');
    expect((await inspect(byJob)).found).toEqual([]);
  });

  it('reading is tried on the newest dump that is there, of exactly its version', async () => {
    const at = { bucket, key: 'database/production/op-1.dump' };
    await client.put(at, 'PGDMP');
    const asked: string[] = [];
    const head: S3['head'] = (where, versionId) => {
      asked.push(`${where.key} ${versionId ?? 'newest'}`);
      return client.head(where, versionId);
    };
    const version = (await client.head(at))?.versionId;
    const { found } = await inspect(byJob, current, { ...client, head });
    await client.remove(at);
    expect(found).toEqual([]);
    expect(asked).toEqual([`${at.key} newest`, `${at.key} ${version}`]);
  });

  it('a bucket that isn’t there is a fault', async () => {
    const { found } = await inspect({ ...byJob, bucket: 'no-such-bucket' });
    expect(new Set(found.map(({ path }) => path))).toEqual(new Set(['dumps.bucket']));
    expect(found.map(({ code }) => code)).toContain('aws.not-found');
  });

  it('rights in the cluster are asked where the Job will be, each that is lacking said', async () => {
    for (const right of ['create jobs.batch', 'delete jobs.batch', 'get pods/log']) state.lacking.add(right);
    const { found } = await inspect(byJob);
    expect([...state.asked]).toEqual(['shop']);
    expect(found).toMatchObject(
      [
        ['create', 'jobs.batch'],
        ['delete', 'jobs.batch'],
        ['get', 'pods/log'],
      ].map(([verb, resource]) => ({
        path: 'dumps.runner',
        code: 'kubernetes.denied',
        params: { verb, resource, namespace: 'shop' },
      })),
    );
  });

  it('an image that isn’t named, and programs of the server’s version, are faults', async () => {
    client15 = false;
    const { image: _, ...without } = byJob;
    const { found } = await inspect(without);
    expect(found.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'dumps dump.client-missing',
      'dumps.image dump.no-image',
    ]);
  });
});

describe('what dumps in a pod need', () => {
  it('is looked at: the worker writes itself, and its pod has what it needs', async () => {
    const { found, ends, remarks } = await inspect(byExec);
    expect(found).toEqual([]);
    expect(whatOf(ends)).toEqual(
      [
        ...['dump-abort', 'dump-list', 'dump-read', 'dump-uploads', 'dump-write'],
        ...['exec-programs', 'exec-rights', 'programs', 'tools'],
      ].sort(),
    );
    expect(proven).toEqual([{ pod: 'tools-1', major: 15 }]);
    expect(remarks).toEqual([]);
    expect(await client.unfinished({ bucket, key: 'database/production/check-config.dump' })).toEqual([]);
  });

  it('a worker that may not write is a fault', async () => {
    deny('CreateMultipartUpload');
    const { found } = await inspect(byExec);
    expect(found).toMatchObject([{ path: 'dumps.bucket', code: 'aws.denied', params: { action: 's3:PutObject' } }]);
  });

  it('nothing is started in a pod without the right to, nor where none is ready', async () => {
    state.lacking.add('create pods/exec');
    const denied = await inspect(byExec);
    expect(denied.found).toMatchObject([
      { path: 'dumps.tools', code: 'kubernetes.denied', params: { verb: 'create', resource: 'pods/exec' } },
    ]);
    state.lacking.clear();
    state.ready = false;
    const away = await inspect(byExec);
    expect(away.found).toMatchObject([{ path: 'dumps.tools', code: 'dump.no-tools-pod' }]);
    expect(proven).toEqual([]);
  });

  it('a pg_dump of another version is a fault; where the instance isn’t known, none is asked for', async () => {
    const newer = { instance: { engineVersion: '16.1' } } as CurrentInstance;
    const { found } = await inspect(byExec, newer);
    expect(found.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'dumps dump.client-missing',
      'dumps.tools dump.exec-client',
    ]);
    proven = [];
    const unknown = createRecorder(() => {});
    const looks = { cluster: cluster as Kubernetes, s3: client, findPrograms: async () => undefined };
    const proveTools = () => Promise.reject(new Error('nobody knows which version'));
    await inspectDumps(unknown, { ...looks, proveTools }, environmentWith(byExec), undefined);
    expect(unknown.faults).toEqual([]);
  });
});

it('without dumps, and without a check of the team’s own, nothing of it is asked', async () => {
  const { found, ends, remarks } = await inspect(undefined);
  expect({ found, ends, remarks }).toEqual({ found: [], ends: [], remarks: [] });
  expect(state.asked.size).toBe(0);
});

it('the team’s own check has a Job too: its rights are asked in its own namespace', async () => {
  const command = { image: 'acme/verify:1', args: [], cluster: '', namespace: 'pitcrew-checks', withinMinutes: 10 };
  state.lacking.add('create secrets');
  const recorder = createRecorder(() => {});
  await inspectJobs(recorder, cluster, environmentWith(byJob, { command }));
  expect(recorder.faults.map(({ path, error }) => `${path} ${error.params?.namespace}`)).toEqual([
    'environments.production.dumps.runner shop',
    'environments.production.checks.command pitcrew-checks',
  ]);
});
