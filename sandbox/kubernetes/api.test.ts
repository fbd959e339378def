import { PatchStrategy, setHeaderOptions, type V1Deployment, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, kubectlMissing, startFixture, webDeployment } from './fixture.ts';

const namespace = 'production';
let world: Fixture;
beforeAll(async () => {
  world = await startFixture();
});
afterAll(() => world?.close());

const create = (name: string) => world.apps.createNamespacedDeployment({ namespace, body: webDeployment(name, 0) });
const read = (name: string) => world.apps.readNamespacedDeployment({ namespace, name });
const jsonPatch = (name: string, body: unknown[]) =>
  world.apps.patchNamespacedDeployment(
    { namespace, name, body },
    setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
  );
const FENCE = '/metadata/annotations/pitcrew~1fence';

/** The controller has written its status: from here on only the test changes the object. */
const settled = (name: string) =>
  eventually(`${name} is settled`, async () => {
    const found = await read(name);
    return found.status?.conditions?.some(({ reason }) => reason === 'NewReplicaSetAvailable') ? found : undefined;
  });

describe('a JSON Patch', () => {
  test('whose test fails is refused with 422 Invalid and changes nothing', async () => {
    await create('fenced');
    const before = await settled('fenced');
    const refused = jsonPatch('fenced', [
      { op: 'replace', path: '/spec/replicas', value: 3 },
      { op: 'test', path: FENCE, value: 'op-1/1' },
    ]);
    await expect(refused).rejects.toMatchObject({ code: 422, body: expect.stringContaining('"reason":"Invalid"') });
    expect(await read('fenced')).toEqual(before);
  });

  test('tests for absence with null, and raises a fence by test and replace', async () => {
    await create('raised');
    await jsonPatch('raised', [
      { op: 'test', path: FENCE, value: null },
      { op: 'add', path: FENCE, value: 'op-1/1' },
    ]);
    await expect(
      jsonPatch('raised', [
        { op: 'test', path: FENCE, value: null },
        { op: 'add', path: FENCE, value: 'op-2/1' },
      ]),
    ).rejects.toMatchObject({ code: 422 });
    await jsonPatch('raised', [
      { op: 'test', path: FENCE, value: 'op-1/1' },
      { op: 'replace', path: FENCE, value: 'op-1/2' },
      { op: 'replace', path: '/spec/replicas', value: 0 },
    ]);
    expect((await read('raised')).metadata?.annotations?.['pitcrew/fence']).toBe('op-1/2');
  });

  test('replacing or removing what is not there is refused', async () => {
    await create('missing');
    await expect(jsonPatch('missing', [{ op: 'replace', path: FENCE, value: 'x' }])).rejects.toMatchObject({
      code: 422,
    });
    await expect(jsonPatch('missing', [{ op: 'remove', path: FENCE }])).rejects.toMatchObject({ code: 422 });
    await expect(jsonPatch('missing', [{ op: 'add', path: '/spec/nothing/here', value: 1 }])).rejects.toMatchObject({
      code: 422,
    });
  });
});

describe('a list', () => {
  test('comes in pages that all show the moment of the first', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) {
      await world.core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels: { paged: 'yes' } } } });
    }
    const page = (more: object) =>
      world.core.listNamespacedConfigMap({ namespace, labelSelector: 'paged=yes', limit: 2, ...more });
    const first = await page({});
    expect([first.items.length, first.metadata?.remainingItemCount]).toEqual([2, 1]);
    await world.core.deleteNamespacedConfigMap({ namespace, name: 'page-c' });
    const second = await page({ _continue: first.metadata?._continue });
    expect(second.items.map(({ metadata }) => metadata?.name)).toEqual(['page-c']);
    expect(second.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
    await expect(page({ _continue: 'forgotten' })).rejects.toMatchObject({ code: 410 });
  });
});

test.skipIf(kubectlMissing)(
  'kubectl auth can-i knows which rights were taken away (skipped where it is not installed)',
  async () => {
    expect((await world.kubectl('auth', 'can-i', 'patch', 'deployments')).stdout).toBe('yes\n');
    const giveBack = world.cluster.faults.forbid({ verb: 'get', resource: 'pods/exec' });
    expect((await world.kubectl('auth', 'can-i', 'get', 'pods', '--subresource=exec')).stdout).toContain('no');
    giveBack();
  },
);

describe('optimistic concurrency', () => {
  test('a PUT with an old resourceVersion gets 409 Conflict', async () => {
    await create('contested');
    const mine = await settled('contested');
    await jsonPatch('contested', [{ op: 'add', path: '/metadata/annotations/by', value: 'somebody else' }]);
    const stale = world.apps.replaceNamespacedDeployment({ namespace, name: 'contested', body: mine });
    await expect(stale).rejects.toMatchObject({ code: 409, body: expect.stringContaining('"reason":"Conflict"') });
    const fresh = await read('contested');
    const written = await world.apps.replaceNamespacedDeployment({ namespace, name: 'contested', body: fresh });
    expect(written.metadata?.resourceVersion).toBe(fresh.metadata?.resourceVersion); // no change, no new version
  });

  test('a scale with an old resourceVersion gets 409, and a patch that names one too', async () => {
    await create('scaled');
    await settled('scaled');
    const body = await world.apps.readNamespacedDeploymentScale({ namespace, name: 'scaled' });
    expect(body.spec?.replicas).toBeUndefined(); // a count of 0 is left out of a Scale
    await jsonPatch('scaled', [{ op: 'add', path: '/metadata/annotations/by', value: 'somebody else' }]);
    await expect(
      world.apps.replaceNamespacedDeploymentScale({ namespace, name: 'scaled', body }),
    ).rejects.toMatchObject({ code: 409 });
    await expect(
      jsonPatch('scaled', [
        { op: 'replace', path: '/metadata/resourceVersion', value: body.metadata?.resourceVersion },
      ]),
    ).rejects.toMatchObject({ code: 409 });
  });

  test('the generation counts changes of the spec only', async () => {
    await create('counted');
    await jsonPatch('counted', [{ op: 'add', path: '/metadata/annotations/note', value: 'x' }]);
    expect((await read('counted')).metadata?.generation).toBe(1);
    await jsonPatch('counted', [{ op: 'replace', path: '/spec/paused', value: true }]).catch(() => undefined);
    await jsonPatch('counted', [{ op: 'add', path: '/spec/paused', value: true }]);
    expect((await read('counted')).metadata?.generation).toBe(2);
  });
});

describe('errors', () => {
  test('carry the code and reason of the real server', async () => {
    await create('twice');
    await expect(create('twice')).rejects.toMatchObject({
      code: 409,
      body: expect.stringContaining('"AlreadyExists"'),
    });
    await expect(read('nobody')).rejects.toMatchObject({
      code: 404,
      body: expect.stringContaining('deployments.apps \\"nobody\\" not found'),
    });
    const elsewhere = world.apps.createNamespacedDeployment({
      namespace: 'nowhere',
      body: { ...webDeployment('x', 1), metadata: { name: 'x' } },
    });
    await expect(elsewhere).rejects.toMatchObject({
      code: 404,
      body: expect.stringContaining('namespaces \\"nowhere\\"'),
    });
    const negative = webDeployment('negative', -1);
    await expect(world.apps.createNamespacedDeployment({ namespace, body: negative })).rejects.toMatchObject({
      code: 422,
    });
  });

  test('a request without the token gets 401', async () => {
    const { apps, config } = world;
    const users = config.users;
    config.loadFromOptions({ ...config, users: [{ name: 'pitcrew', token: 'wrong' }] });
    await expect(apps.listNamespacedDeployment({ namespace })).rejects.toMatchObject({ code: 401 });
    config.loadFromOptions({ ...config, users });
  });

  test.skipIf(kubectlMissing)(
    'unknown resources are named as such by kubectl (skipped where it is not installed)',
    async () => {
      const { code, stderr } = await world.kubectl('get', 'leases');
      expect([code, stderr]).toEqual([1, expect.stringContaining('the server doesn\'t have a resource type "leases"')]);
    },
  );
});

interface Seen {
  readonly type: string;
  readonly object: V1Deployment & { code?: number };
}

async function startWatch(
  query: Record<string, string | boolean>,
): Promise<{ seen: Seen[]; ended: () => boolean; stop: () => void }> {
  const seen: Seen[] = [];
  let over = false;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const controller = await new Watch(world.config).watch(
    path,
    query,
    (type: string, object: Seen['object']) => void seen.push({ type, object }),
    () => {
      over = true;
    },
  );
  return { seen, ended: () => over, stop: () => controller.abort() };
}

describe('a watch', () => {
  test('shows what is there, then every change, and bookmarks', async () => {
    await create('watched');
    await settled('watched');
    const watch = await startWatch({ fieldSelector: 'metadata.name=watched', allowWatchBookmarks: true });
    await eventually('it was added', () => watch.seen.some(({ type }) => type === 'ADDED'));
    await jsonPatch('watched', [{ op: 'add', path: '/metadata/annotations/colour', value: 'red' }]);
    await eventually('the change came', () =>
      watch.seen.some(({ type, object }) => type === 'MODIFIED' && object.metadata?.annotations?.colour === 'red'),
    );
    await eventually('a bookmark came', () => watch.seen.some(({ type }) => type === 'BOOKMARK'));
    await world.apps.deleteNamespacedDeployment({ namespace, name: 'watched' });
    await eventually('the end came', () => watch.seen.some(({ type }) => type === 'DELETED'));
    watch.stop();
  });

  test('resumes from a version, and gets 410 for one that is forgotten', async () => {
    await create('resumed');
    const { metadata } = await settled('resumed');
    await jsonPatch('resumed', [{ op: 'add', path: '/metadata/annotations/n', value: '1' }]);
    const since = { fieldSelector: 'metadata.name=resumed', resourceVersion: metadata?.resourceVersion ?? '' };
    const watch = await startWatch(since);
    await eventually('the missed change came', () =>
      watch.seen.some(({ object }) => object.metadata?.annotations?.n === '1'),
    );
    expect(watch.seen.map(({ type }) => type)).toEqual(['MODIFIED']);
    watch.stop();
    world.cluster.faults.forgetChanges();
    const late = await startWatch(since);
    await eventually('it was told', () => late.seen.length > 0);
    expect(late.seen[0]).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });

  test('ends when its connection is dropped', async () => {
    const watch = await startWatch({});
    await eventually('something came', () => watch.seen.length > 0);
    world.cluster.faults.dropStreams();
    await eventually('it ended', () => watch.ended());
  });
});

describe('faults on demand', () => {
  test('refuse as many requests as asked for, before any effect', async () => {
    const matching = ({ method }: { method: string }) => method === 'POST';
    world.cluster.faults.refuse({ code: 500, count: 2, matching });
    await expect(create('unlucky')).rejects.toMatchObject({ code: 500 });
    await expect(create('unlucky')).rejects.toMatchObject({ code: 500 });
    expect((await create('unlucky')).metadata?.name).toBe('unlucky');
  });

  test('lose the answer after the effect', async () => {
    world.cluster.faults.loseAnswers({ count: 1, matching: ({ method }) => method === 'POST' });
    await expect(create('lost')).rejects.toThrow();
    expect((await read('lost')).metadata?.name).toBe('lost');
  });

  test('an outage ends and everything is still there', async () => {
    const back = world.cluster.outage(0.3);
    await expect(read('lost')).rejects.toThrow();
    await back;
    expect((await read('lost')).metadata?.name).toBe('lost');
  });
});
