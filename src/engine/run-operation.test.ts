import { describe, expect, it } from 'vitest';
import { approvedStage, ballot, planOf, stage } from '../../test/engine-stage.ts';
import { broken, change, look } from '../../test/engine-steps.ts';
import { permanent, retryable } from '../domain/errors.ts';
import { done, irreversible, keptAsEvidence, undoBy, undoneWhen, wait } from '../domain/step.ts';
import { maxTries } from './advance.ts';

const human = { id: 'T/rita', slackUser: 'rita' };
const cancelAsked = () => ({ type: 'cancel-asked' as const, actor: 'rita', data: { human } });

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
