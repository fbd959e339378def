import { describe, expect, it } from 'vitest';
import { closed, requested } from '../../test/drafts.ts';
import { approvedStage, ballot, planOf, stage } from '../../test/engine-stage.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { permanent, retryable } from '../domain/errors.ts';
import {
  done,
  irreversible,
  keptAsEvidence,
  nothingToUndo,
  type Step,
  undoBy,
  undoneWhen,
  wait,
} from '../domain/step.ts';
import { Chains } from '../ledger/chain.ts';
import { acquire } from '../ledger/locks.ts';
import { appendOperation } from '../ledger/operations.ts';
import { maxTries } from './advance.ts';

const human = { id: 'T/rita', slackUser: 'rita' };
const cancelAsked = () => ({ type: 'cancel-asked' as const, actor: 'rita', data: { human } });

/** A step that changes something; what it did is written down. */
const change = (id: string, log: string[], over: Partial<Step> & { after?: readonly string[] } = {}) => ({
  id,
  fence: 'annotation-test' as const,
  run: async () => {
    log.push(id);
    return done({ id });
  },
  undo: undoBy(async () => {
    log.push(`undo ${id}`);
    return done({});
  }),
  ...over,
});
const look = (id: string, over: Partial<Step> & { after?: readonly string[] } = {}) => ({
  id,
  fence: 'read-only' as const,
  polls: true as const,
  run: async () => done({}),
  undo: nothingToUndo,
  ...over,
});
const broken = (id: string, over: { after?: readonly string[] } = {}) =>
  look(id, { run: () => Promise.reject(permanent('verification.failed')), ...over });

describe('forwards', () => {
  it('runs what can run side by side, gives outputs on, and closes; index written, marker away', async () => {
    const log: string[] = [];
    let asked = 0;
    const one = await approvedStage([
      change('stop', log),
      look('restored', { run: async () => (++asked < 3 ? wait(20, 'wait.rds') : done({ id: 'db-2' })) }),
      change('publish', log, {
        after: ['stop', 'restored'],
        publishes: true,
        undo: irreversible,
        run: async ({ output }) => {
          log.push(`publish ${output('restored').id}`);
          return done({});
        },
      }),
    ]);
    expect(await one.pass()).toMatchObject({ kind: 'wait', seconds: 20, waiting: [{ step: 'restored' }] });
    expect(log).toEqual(['stop']);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'publish db-2']);
    expect(await one.state()).toMatchObject({ closed: { outcome: 'succeeded', service: 'new-database' }, voided: [] });
    expect([...one.store.marks.keys()]).toEqual([expect.stringMatching(/^index\/prod\/\d{4}-\d\d-\d\d\/op$/)]);
  });

  it('waiting appends nothing, whoever looks and however often', async () => {
    const one = await approvedStage([look('restored', { run: async () => wait(20, 'wait.rds') })]);
    await one.pass();
    const before = one.types();
    for (let looks = 0; looks < 5; looks++) expect(await one.pass()).toMatchObject({ kind: 'wait', seconds: 20 });
    expect(one.types()).toEqual(before);
    expect(before.at(-1)).toBe('intent restored');
  });

  it('a retryable error is tried eight times and then turns back', async () => {
    let tries = 0;
    const log: string[] = [];
    const one = await approvedStage([
      change('stop', log),
      look('restored', {
        after: ['stop'],
        run: () => {
          tries++;
          return Promise.reject(retryable('aws.throttled'));
        },
      }),
    ]);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(tries).toBe(maxTries);
    expect(log).toEqual(['stop', 'undo stop']);
    expect((await one.state()).closed).toMatchObject({ outcome: 'failed', error: { code: 'aws.throttled' } });
  });

  it('an error that nobody raised on purpose is logged with its message, and recorded without', async () => {
    const one = await approvedStage([look('a', { run: () => Promise.reject(new TypeError('password=x')) })]);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(one.logged).toEqual(['a: TypeError: password=x']);
    expect((await one.state()).closed?.error).toEqual({
      code: 'unexpected',
      kind: 'bug',
      params: { name: 'TypeError' },
    });
  });

  it('a run that was told to stop notes no failure', async () => {
    const stop = new AbortController();
    const one = await approvedStage([
      look('a', {
        run: () => {
          stop.abort();
          return Promise.reject(new Error('aborted'));
        },
      }),
    ]);
    expect(await one.pass({ signal: stop.signal })).toMatchObject({ kind: 'wait', seconds: 0 });
    expect(one.types().at(-1)).toBe('intent a');
  });
});

describe('back', () => {
  it('F55: undoes every step that has an intent, outcome or not, from the last to the first', async () => {
    const log: string[] = [];
    const lost = change('switch', log, {
      after: ['stop'],
      run: async () => {
        log.push('switch');
        throw permanent('secret.answer-lost');
      },
    });
    const one = await approvedStage([change('tag', log), change('stop', log, { after: ['tag'] }), lost]);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['tag', 'stop', 'switch', 'undo switch', 'undo stop', 'undo tag']);
    expect((await one.state()).steps.map(({ status }) => status)).toEqual(['undone', 'undone', 'undone']);
  });

  it('keeps what is evidence; under "stay stopped" leaves what only a return would undo', async () => {
    const steps = (log: string[]) => [
      change('stop', log, {
        undo: undoBy(async () => {
          log.push('undo stop');
          return done({});
        }, 'return'),
      }),
      change('create', log, { undo: keptAsEvidence }),
      change('bar', log),
      broken('verify', { after: ['stop', 'create', 'bar'] }),
    ];
    const log: string[] = [];
    const back = await approvedStage(steps(log));
    expect(await back.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'create', 'bar', 'undo bar', 'undo stop']);
    const stays: string[] = [];
    const one = await stage(steps(stays));
    one.planning = async () => planOf(steps(stays), { onFailure: 'stay-stopped' });
    await one.pass();
    for (const name of ['ann', 'ben']) await one.append(({ plan }) => ballot(name, plan?.digest));
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(stays).toEqual(['stop', 'create', 'bar', 'undo bar']);
  });

  it("an undo may wait, and one that fails for good is a person's to look at", async () => {
    let asked = 0;
    const slow = undoneWhen(async () => (++asked < 3 ? wait(5, 'wait.pods') : done({})));
    const one = await approvedStage([change('stop', [], { undo: slow }), broken('verify', { after: ['stop'] })]);
    expect(await one.pass()).toMatchObject({ kind: 'wait', seconds: 5 });
    const before = one.types();
    expect(await one.pass()).toMatchObject({ kind: 'wait', seconds: 5 });
    expect(one.types()).toEqual(before);
    expect(await one.pass()).toEqual({ kind: 'closed' });
    const stuck = undoBy(() => Promise.reject(permanent('cluster.gone')));
    const two = await approvedStage([change('stop', [], { undo: stuck }), broken('verify', { after: ['stop'] })]);
    expect(await two.drive()).toEqual({ kind: 'parked' });
    expect((await two.state()).parked?.error.code).toBe('cluster.gone');
    expect(await two.pass()).toEqual({ kind: 'parked' });
  });

  it('F36: after the hand-over nothing goes back by itself: a person is asked', async () => {
    const log: string[] = [];
    const one = await approvedStage([
      change('stop', log),
      change('publish', log, { after: ['stop'], publishes: true, undo: irreversible }),
      broken('healthy', { after: ['publish'] }),
    ]);
    expect(await one.drive()).toEqual({ kind: 'parked' });
    expect(log).toEqual(['stop', 'publish']);
    expect((await one.state()).parked?.error.code).toBe('engine.published');
  });

  it('F50: asked to stop while it runs, it goes back; asked before the start, nothing is touched', async () => {
    const log: string[] = [];
    const one = await approvedStage([
      change('stop', log, {
        run: async () => {
          log.push('stop');
          await one.append(cancelAsked);
          return done({});
        },
      }),
      change('publish', log, { after: ['stop'], publishes: true, undo: irreversible }),
    ]);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
    expect((await one.state()).closed).toMatchObject({ outcome: 'cancelled' });
    const early: string[] = [];
    const two = await approvedStage([change('stop', early)]);
    await two.append(cancelAsked);
    expect(await two.drive()).toEqual({ kind: 'closed' });
    expect([early, (await two.state()).closed?.outcome]).toEqual([[], 'cancelled']);
  });
});

describe('several workers', () => {
  it('F10: a fenced run goes away without a word and notes no outcome', async () => {
    let other: unknown;
    let first = true;
    const one = await approvedStage([
      change('stop', [], {
        run: async () => {
          if (first) {
            first = false;
            other = await one.pass();
          }
          return done({});
        },
      }),
    ]);
    expect(await one.pass()).toEqual({ kind: 'fenced' });
    expect(other).toEqual({ kind: 'closed' });
    const { epoch, voided, closed: end } = await one.state();
    expect({ epoch, voided, outcome: end?.outcome }).toEqual({ epoch: 2, voided: [], outcome: 'succeeded' });
  });

  it('a worker that slept while the owner went on does not park what it saw long ago', async () => {
    const store = new MemoryStore();
    const one = await approvedStage([change('stop', [], { run: () => new Promise(() => undefined) })], {}, store);
    for (let claims = 0; claims < 5; claims++) {
      void one.pass();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { run = '', epoch } = await one.state();
    expect(epoch).toBe(5);
    // The owner's outcome lands between the sleeper's look and its word.
    let late = true;
    const sleeper = {
      create: (key: string, bytes: Uint8Array) => store.create(key, bytes),
      list: (prefix: string) => store.list(prefix),
      async read(key: string) {
        const answer = await store.read(key);
        if (key.startsWith('plans/') && late) {
          late = false;
          await one.append(() => ({
            type: 'done',
            actor: 'worker',
            run,
            epoch,
            data: { step: 'stop', direction: 'do', output: {} },
          }));
        }
        return answer;
      },
    };
    expect(await one.pass({}, { store: sleeper, markers: store.markers })).toEqual({ kind: 'fenced' });
    expect(await one.drive()).toEqual({ kind: 'closed' });
  });

  it('F53: five claims without an outcome park it; claims that a dead worker left behind count', async () => {
    const one = await approvedStage([change('stop', [], { run: () => new Promise(() => undefined) })]);
    for (let lives = 0; lives < 5; lives++) {
      void one.pass();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await one.state()).claimsWithoutOutcome).toBe(5);
    expect(await one.pass()).toEqual({ kind: 'parked' });
    expect((await one.state()).parked?.error.code).toBe('engine.poison');
  });

  it('F53: workers that die while they only look are counted by the queue, and park it too', async () => {
    const one = await approvedStage([look('restored', { run: () => new Promise(() => undefined) })]);
    for (let stalls = 0; stalls < 5; stalls++) {
      void one.pass({ stalls });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await one.pass({ stalls: 5 })).toEqual({ kind: 'parked' });
  });

  it('F18: a second operation on the same database is refused and names the first', async () => {
    const one = await stage([look('a')]);
    const chains = new Chains({ store: one.store });
    await appendOperation(chains, 'first', () => requested());
    await acquire(chains, 'first', ['db']);
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed).toMatchObject({
      outcome: 'refused',
      service: 'unchanged',
      error: { code: 'operation.busy', params: { resource: 'db', holder: 'first' } },
    });
    await appendOperation(chains, 'first', () => closed('refused'));
    expect(await acquire(chains, 'third', ['db'])).toEqual({ kind: 'mine' });
  });
});
