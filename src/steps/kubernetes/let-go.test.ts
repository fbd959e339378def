import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { about, named, recordedOf, startWorld, type World } from './cluster.fixture.ts';
import { letGoOf } from './let-go.ts';
import { contextOf, failure } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';

let world: World;
let cluster: Kubernetes;
beforeAll(async () => {
  world = await startWorld();
  cluster = world.kubernetes;
});
afterAll(() => world?.close());

const noted = (name: string) => recordedOf([{ ...named(name), replicas: 2, origin: 'spec' }])['record-application'];
const givenUp = (name: string) => letGoOf(cluster, noted(name), contextOf({ input: {}, epoch: 4 }), []);

describe('an operation that people gave up', () => {
  it('starts nothing by that, and none of its workers changes anything any more', async () => {
    await world.deploy('held', 2);
    const stop = stopApplication({ cluster });
    await stop.run(about('held', 2));
    await givenUp('held');
    expect(await world.stateOf('held')).toEqual({ replicas: 0, fence: 'op-1/closed', noted: '2' });
    for (const epoch of [1, 4, 99])
      expect(await failure(stop.run(about('held', 2, { epoch })))).toMatchObject({ code: 'kubernetes.fenced' });
    await givenUp('held');
    expect(await world.stateOf('held')).toMatchObject({ fence: 'op-1/closed' });
  });

  it('F47: its patch that is still on its way is refused by the cluster, also where none ever arrived', async () => {
    await world.deploy('untouched', 2);
    const slow = {
      find: cluster.find.bind(cluster),
      patch: async (...given: Parameters<Kubernetes['patch']>) => {
        // It slept between its look and its patch, and meanwhile people gave its operation up.
        await givenUp('untouched');
        return cluster.patch(...given);
      },
    };
    const late = stopApplication({ cluster: slow }).run(about('untouched', 2));
    expect(await failure(late)).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await world.stateOf('untouched')).toEqual({ replicas: 2, fence: 'op-1/closed' });
  });

  it('makes way for the next one, and leaves alone what that one holds', async () => {
    await world.deploy('next', 2);
    const stop = stopApplication({ cluster });
    await stop.run(about('next', 2));
    await givenUp('next');
    await stop.run(about('next', 2, { operation: 'op-2' }));
    await givenUp('next');
    expect(await world.stateOf('next')).toMatchObject({ replicas: 0, fence: 'op-2/1' });
  });
});
