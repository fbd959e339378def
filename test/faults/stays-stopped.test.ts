import { readFileSync } from 'node:fs';
import { BatchV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import { names } from '../../sandbox/settings.ts';
import { shopCronJob } from '../../sandbox/shop/manifests.ts';
import { podEnvironment } from '../../sandbox/world.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

const { namespace, deployment } = names;
const cronJob = 'nightly-reprice';
const flux = { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', namespace, plural: 'kustomizations' };

let stage: Stage;
let batch: BatchV1Api;
let custom: CustomObjectsApi;
beforeAll(async () => {
  stage = await openStage({
    config: {
      production: {
        workloads: [
          { namespace, deployment, replicas: 2 },
          { namespace, cronJob },
        ],
        restore: { stopWithinMinutes: 0.25 },
      },
    },
  });
  const config = new KubeConfig();
  config.loadFromFile(stage.world.kubernetes.kubeconfigFile);
  batch = config.makeApiClient(BatchV1Api);
  custom = config.makeApiClient(CustomObjectsApi);
  const env = podEnvironment(stage.world.env);
  await batch.createNamespacedCronJob({
    namespace,
    body: shopCronJob({ secretId: names.configSecret, env, name: cronJob, schedule: '0 0 1 1 *' }),
  });
  await ownedByFlux();
  await stage.worker();
  const snapshot = await stage.incident.snapshot('rosa');
  expect(await stage.incident.until(snapshot, closed)).toMatchObject({ outcome: 'succeeded' });
});
afterAll(() => stage?.close());

/** From now on Flux puts the shop's replicas back every second to what they are now. */
async function ownedByFlux(): Promise<void> {
  const metadata = { name: 'shop' };
  const spec = { interval: '1s', path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'shop' } };
  const body = { apiVersion: `${flux.group}/${flux.version}`, kind: 'Kustomization', metadata, spec };
  await custom.createNamespacedCustomObject({ ...flux, body });
  const labels = { app: deployment, [`${flux.group}/name`]: 'shop', [`${flux.group}/namespace`]: namespace };
  await custom.patchNamespacedCustomObject({
    ...{ group: 'apps', version: 'v1', namespace, plural: 'deployments', name: deployment },
    body: [{ op: 'add', path: '/metadata/labels', value: labels }],
  });
}

const trackingPath = '/metadata/annotations/argocd.argoproj.io~1tracking-id';
const annotate = (body: readonly object[]) =>
  custom.patchNamespacedCustomObject({
    ...{ group: 'apps', version: 'v1', namespace, plural: 'deployments', name: deployment },
    body,
  });

const isSuspended = {
  flux: async () =>
    ((await custom.getNamespacedCustomObject({ ...flux, name: 'shop' })) as { spec: { suspend?: boolean } }).spec
      .suspend ?? false,
  schedule: async () => (await batch.readNamespacedCronJob({ namespace, name: cronJob })).spec?.suspend ?? false,
};

async function approved(more: { onFailure?: 'return' | 'stay-stopped' } = {}): Promise<string> {
  const { incident } = stage;
  const operation = await incident.restore('rosa', { reason: 'orders are gone', ...more });
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  return operation;
}

const isDone = (step: string) => (chain: readonly LedgerEvent[]) =>
  chain.some(({ type, data }) => type === 'done' && data.step === step && data.direction === 'do') || undefined;

/** What stands in the incident channel about an operation, cards and their threads. */
async function told(operation: string): Promise<string> {
  const dana = stage.incident.person('dana');
  const cards = (await dana.messages(incidentChannel)).filter((card) => JSON.stringify(card).includes(operation));
  const threads = await Promise.all(cards.map(({ ts }) => dana.thread(incidentChannel, ts)));
  return JSON.stringify([cards, threads]);
}

const tells = (operation: string, ...texts: readonly RegExp[]) =>
  eventually(`${operation} is told as ${texts}`, async () => {
    const all = await told(operation);
    return texts.every((text) => text.test(all));
  });

async function noCutOver(operation: string, secret: Readonly<Record<string, string>>): Promise<void> {
  const chain = await stage.incident.ledger.chain(operation);
  expect(chain.some(({ data }) => data.step === 'switch-secret')).toBe(false);
  expect(stage.secret()).toEqual(secret);
}

const asBefore = async () => {
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  expect([await isSuspended.flux(), await isSuspended.schedule()]).toEqual([false, false]);
};

it('F34: an autoscaler that fights back is on the card beforehand, ends the restore without a cut-over, and all is as it was', async () => {
  const { incident, world } = stage;
  const autoscaler = { group: 'autoscaling', version: 'v2', namespace, plural: 'horizontalpodautoscalers' };
  const body = {
    metadata: { name: 'shop' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment }, maxReplicas: 5 },
  };
  await custom.createNamespacedCustomObject({ ...autoscaler, body });
  world.kubernetes.faults.scaleBack({ namespace, deployment, replicas: 2, afterSeconds: 3 });
  const before = stage.secret();
  const operation = await approved();
  await tells(operation, /Autoscaler production\/shop scales/, /Flux owns/, /CronJob [^ ]*nightly-reprice/);
  expect(await incident.until(operation, closed)).toMatchObject({
    outcome: 'failed',
    service: 'old-database',
    error: { code: 'restore.scaled-up-again', params: { replicas: 2 } },
  });
  await noCutOver(operation, before);
  await asBefore();
  await tells(operation, /was scaled up to 2 again/, /Pause what does that/);
  await custom.deleteNamespacedCustomObject({ ...autoscaler, name: 'shop' });
});

it('F34: Argo CD that heals itself is said to be in the way, and where it does there is no cut-over', async () => {
  const { incident } = stage;
  const applications = { group: 'argoproj.io', version: 'v1alpha1', namespace, plural: 'applications' };
  const metadata = { name: 'shop-app' };
  const spec = { project: 'default', syncPolicy: { automated: { selfHeal: true } } };
  const body = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec };
  await custom.createNamespacedCustomObject({ ...applications, body });
  const tracking = `${namespace}_shop-app:apps/Deployment:${namespace}/${deployment}`;
  await annotate([{ op: 'add', path: trackingPath, value: tracking }]);
  const before = stage.secret();
  const operation = await approved();
  await tells(operation, /Argo CD's application shop-app owns [^ ]* and heals itself/);
  expect(await incident.until(operation, closed)).toMatchObject({
    outcome: 'failed',
    service: 'old-database',
    error: { code: 'restore.scaled-up-again' },
  });
  await noCutOver(operation, before);
  await asBefore();
  await custom.deleteNamespacedCustomObject({ ...applications, ...metadata });
  await annotate([{ op: 'remove', path: trackingPath }]);
});

it('F34: a CronJob that is fired in mid-restore: no cut-over, and with "stay stopped" everything stays stopped, the schedule and Flux too', async () => {
  const { incident } = stage;
  const before = stage.secret();
  const operation = await approved({ onFailure: 'stay-stopped' });
  await incident.until(operation, isDone('prove-stopped'));
  expect(stage.world.kubernetes.fireCronJob(namespace, cronJob)).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve, 1100)); // an object's time of birth has whole seconds
  const { metadata, spec } = await batch.readNamespacedCronJob({ namespace, name: cronJob });
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob, uid: metadata?.uid ?? '', controller: true };
  // As `kubectl create job --from=cronjob/nightly-reprice` does.
  await batch.createNamespacedJob({
    namespace,
    body: { metadata: { name: 'by-hand', ownerReferences: [owner] }, ...spec?.jobTemplate },
  });
  expect(await incident.until(operation, closed)).toMatchObject({
    outcome: 'failed',
    service: 'stopped',
    error: { code: 'restore.schedule-fired' },
  });
  await noCutOver(operation, before);
  expect(await stage.replicas()).toEqual({ wanted: 0, ready: 0 });
  expect([await isSuspended.flux(), await isSuspended.schedule()]).toEqual([true, true]);
  await tells(operation, /nightly-reprice started a Job at/, /production is stopped/i);
});

it('F58: the next restore takes over what was left stopped, brings the right count back, and gives schedule and Flux back as they were at first', async () => {
  const { incident } = stage;
  const operation = await approved();
  await tells(operation, /was left stopped by operation/, /stands at 0 already\. It comes back with 2/);
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
  await asBefore();
  const chain = await incident.ledger.chain(operation);
  const order = chain.filter(({ type }) => type === 'done').map(({ data }) => data.step);
  expect(order.indexOf('watch-stopped')).toBeGreaterThan(order.indexOf('measure-loss'));
  expect(order.indexOf('watch-stopped')).toBeLessThan(order.indexOf('switch-secret'));
});

it('F35: a foreign session is named on the card, and where it stays there is no cut-over', async () => {
  const { incident, world } = stage;
  const master = JSON.parse(world.secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  const before = stage.secret();
  const visitor = new pg.Client({
    host: before.DB_HOST,
    port: Number(before.DB_PORT),
    database: names.database,
    user: master.username,
    password: master.password,
    application_name: 'psql',
    ssl: { ca: readFileSync(world.rds.caFile, 'utf8') },
  });
  await visitor.connect();
  const operation = await approved();
  await tells(operation, /Somebody else is on the database[^"]*ecommerce_admin \(psql, 127\.0\.0\.1, 20/);
  expect(await incident.until(operation, closed)).toMatchObject({
    outcome: 'failed',
    service: 'old-database',
    error: { code: 'restore.not-stopped', params: { sessions: 0, foreign: 1 } },
  });
  await visitor.end();
  await noCutOver(operation, before);
  await asBefore();
  await tells(operation, /still in use: 0 sessions of the application, 1 of others \(ecommerce_admin \(psql/);
});

it('F35: pods stuck Terminating are named with what a person may decide, and there is no cut-over', async () => {
  const { incident, world } = stage;
  const before = stage.secret();
  const release = world.kubernetes.stuckTerminating(`app=${deployment}`);
  const operation = await approved();
  const end = await incident.until(operation, closed);
  release();
  expect(end).toMatchObject({
    outcome: 'failed',
    service: 'old-database',
    error: { code: 'restore.not-stopped', params: { podCount: 2 } },
  });
  await noCutOver(operation, before);
  await asBefore();
  await tells(operation, /is Terminating since 20/, /kubectl delete pod [^ ]+ -n production --grace-period=0 --force/);
});
