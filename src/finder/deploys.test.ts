import { expect, it } from 'vitest';
import type { ObjectKind } from '../clients/kubernetes-resources.ts';
import { objectView } from '../clients/kubernetes-views.ts';
import { permanent } from '../domain/errors.ts';
import type { Workload } from '../domain/settings.ts';
import { deploysSince } from './deploys.ts';

const place = { cluster: '', namespace: 'production' };
const since = '2026-11-20T00:00:00.000Z';
const workload = (kind: Workload['kind'], name: string): Workload => ({ ...place, kind, name });

/** What the API holds of each kind, as it sends it. */
const cluster = (held: Partial<Record<ObjectKind, readonly object[]>>) => ({
  list: async (kind: ObjectKind) => (held[kind] ?? []).map((sent) => objectView(sent, { ...place, kind }, since)),
});
const template = (image: string) => ({ template: { spec: { containers: [{ name: 'app', image }] } } });
const owned = (kind: string, name: string, at: string, annotations: object = {}) => ({
  name: `${name}-${at}`,
  creationTimestamp: `2026-11-20T${at}Z`,
  ownerReferences: [{ kind, name, uid: 'u' }],
  annotations,
});
const revision = (number: number) => ({ 'deployment.kubernetes.io/revision': String(number) });

it('a StatefulSet’s rollouts are told by its ControllerRevisions, with the image from and to', async () => {
  const held = ['1', '2'].map((tag) => ({
    metadata: owned('StatefulSet', 'worker', `0${tag}:00:00`),
    data: { spec: template(`acme/worker:${tag}`) },
  }));
  const { candidates } = await deploysSince(
    cluster({ 'controller-revision': held }),
    [workload('stateful-set', 'worker')],
    '2026-11-20T01:30:00.000Z',
  );
  expect(candidates).toMatchObject([
    {
      moment: '2026-11-20T01:59:59.000Z',
      evidence: { workload: 'worker', from: 'acme/worker:1', to: 'acme/worker:2' },
    },
  ]);
});

it('a revision that came back is a gap: nothing says since when', async () => {
  const held = [
    { metadata: owned('Deployment', 'shop', '01:00:00', revision(3)), spec: template('acme/shop:1') },
    { metadata: owned('Deployment', 'shop', '02:00:00', revision(2)), spec: template('acme/shop:2') },
    { metadata: owned('Deployment', 'other', '03:00:00', revision(1)), spec: template('acme/other:1') },
  ];
  const found = await deploysSince(cluster({ 'replica-set': held }), [workload('deployment', 'shop')], since);
  expect(found.candidates).toHaveLength(2);
  expect(found.gaps).toEqual([{ code: 'find.rolled-back', params: { workload: 'shop' } }]);
});

it('Jobs are told by when they began, pitcrew’s own are not, and what may not be listed is a gap', async () => {
  const began = { startTime: '2026-11-20T03:00:05Z' };
  const own = { labels: { 'app.kubernetes.io/managed-by': 'pitcrew' } };
  const held = [
    { metadata: owned('CronJob', 'nightly', '03:00:00'), status: began },
    { metadata: { ...owned('CronJob', 'x', '03:30:00'), ...own }, status: began },
  ];
  const jobs = cluster({ job: held });
  const { candidates, gaps } = await deploysSince(
    {
      async list(kind) {
        if (kind === 'replica-set') throw permanent('kubernetes.denied');
        return jobs.list(kind);
      },
    },
    [workload('deployment', 'shop'), workload('cron-job', 'nightly')],
    since,
  );
  expect(candidates).toMatchObject([{ at: '2026-11-20T03:00:05.000Z', evidence: { kind: 'job', cronJob: 'nightly' } }]);
  expect(gaps).toEqual([{ code: 'find.cluster-unreadable', params: { namespace: 'production', what: 'replica-set' } }]);
});
