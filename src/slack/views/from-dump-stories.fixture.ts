import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import {
  asks,
  closed,
  done,
  failed,
  goodResults,
  intent,
  mixedResults,
  parked,
  report,
  type Timed,
  told,
  turnedBack,
  word,
} from './events.fixture.ts';
import { besidePlan, inPlacePlan, ownInstancePlan } from './from-dump.fixture.ts';
import { approved, onNew } from './night.fixture.ts';
import { after, amir } from './plans.fixture.ts';

// Where restores from a dump end, well or not: each step in its turn, with what it returned.

const instanceId = 'ecommerce-production-r1a2b3c4d5e6';
const proven = goodResults.filter(({ outcome }) => outcome === 'pass');

const returned: Readonly<Record<string, object>> = {
  'record-application': { workloads: [], guards: [] },
  'stop-application': { workloads: 1, paused: 0 },
  'prove-stopped': { pods: 0, sessions: 0, at: after(190) },
  'rescue-snapshot': { taken: true, snapshotId: 'pitcrew-rescue-0123456789ab' },
  'create-instance': { instanceId, adopted: false },
  'await-instance': { id: instanceId },
  'await-load': { attempts: 1 },
  'prove-loaded': { tables: 31 },
  'verify-database': { report: report(proven, 'pass') },
  'judge-verification': { outcome: 'pass' },
  'measure-loss': {
    tables: [{ table: 'orders', before: 98_796, after: 97_592, lost: 1_204, returned: 38, changed: 11 }],
    lastLostAt: after(180),
    notMeasured: [],
  },
  'switch-secret': { versionId: 'v-new', previousVersionId: '6f1c2a34-0000-4000-8000-1234567890ab' },
  'fence-old': { role: 'ecommerce_app', endedSessions: 0, ended: [] },
  'hand-over': { keptInstance: 'ecommerce-production', notes: ['hand-over.downstream'] },
  'verify-deeply': { report: report(proven, 'pass') },
};

/** Over the live database nothing is set again. */
const loadedAnew = { attempts: 1, left: ['reporting: log_statement'] };

const publishing = ['switch-secret', 'prove-loaded', 'swap-names'];
const began = 145;
const each = 20;

/** The steps of a plan one after the other, up to the one that is named, which has no outcome. */
function upTo(plan: Plan, language: Locale, last?: string): { readonly events: readonly Timed[]; readonly at: number } {
  const ids = plan.bound.steps.map(({ id }) => id).filter((id) => !id.includes('check-job'));
  const end = last === undefined ? ids.length : ids.indexOf(last);
  const events = ids.slice(0, end).flatMap((id, at) => {
    const now = began + at * each;
    const proof = id === 'prove-on-new' || id === 'prove-in-place';
    const output = proof
      ? onNew(now + 5)
      : id === 'await-load' && ids.includes('create-roles')
        ? loadedAnew
        : returned[id];
    return [intent(now, id, 'do', publishing.includes(id)), done(now + 15, id, output)];
  });
  return { events: [...approved(language), ...events], at: began + end * each };
}

function story(events: readonly Timed[], seconds: number) {
  return { state: told(events), seconds };
}

function succeeded(plan: Plan, language: Locale) {
  const { events, at } = upTo(plan, language);
  return story([...events, closed(at, 'succeeded', 'new-database')], at + 1);
}

const back = (at: number, ...ids: readonly string[]): readonly Timed[] =>
  ids.flatMap((id, index) => [intent(at + index * 5, id, 'undo'), done(at + index * 5 + 3, id, {}, 'undo')]);

const loadFailed = { entry: 'TABLE DATA orders', because: 'out of memory' };

function findings(plan: Plan, language: Locale) {
  const { events, at } = upTo(plan, language, 'verify-database');
  return {
    events: [
      ...events,
      intent(at, 'verify-database'),
      done(at + 15, 'verify-database', { report: report(mixedResults, 'fail') }),
      asks(at + 20),
    ],
    at: at + 20,
  };
}

type Stories = Readonly<Record<string, (language: Locale) => { state: OperationState; seconds: number }>>;

export const fromDumpStories: Stories = {
  'on an instance of its own from a dump': (language) => succeeded(ownInstancePlan(), language),
  'load on its own instance failed': (language) => {
    const { events, at } = upTo(ownInstancePlan(), language, 'await-load');
    return story(
      [
        ...events,
        intent(at, 'await-load'),
        failed(at + 5, 'await-load', 'load.failed', loadFailed),
        turnedBack(at + 6, 'await-load', 'load.failed', loadFailed),
        ...back(at + 7, 'start-load-job', 'create-database', 'stop-application', 'record-application'),
        closed(at + 30, 'failed', 'old-database', { code: 'load.failed', params: loadFailed }),
      ],
      at + 31,
    );
  },
  'loaded over the live database': (language) => succeeded(inPlacePlan(), language),
  'load over the live database failed': (language) => {
    const { events, at } = upTo(inPlacePlan(), language, 'await-load');
    return story(
      [
        ...events,
        intent(at, 'await-load'),
        failed(at + 5, 'await-load', 'load.failed', loadFailed),
        turnedBack(at + 6, 'await-load', 'load.failed', loadFailed),
        ...back(at + 7, 'load-in-place', 'bar-writers', 'stop-application', 'record-application'),
        closed(at + 30, 'failed', 'old-database', { code: 'load.failed', params: loadFailed }),
      ],
      at + 31,
    );
  },
  'findings after a load in place': (language) => {
    const { events, at } = findings(inPlacePlan(), language);
    return story(events, at + 30);
  },
  'findings after a load in place refused': (language) => {
    const { events, at } = findings(inPlacePlan(), language);
    const code = 'restore.verification-failed';
    return story(
      [
        ...events,
        word(at + 30, amir, 'deny'),
        failed(at + 31, 'judge-verification', code, { failed: 2 }),
        turnedBack(at + 32, 'judge-verification', code, { failed: 2 }),
        parked(at + 33, 'engine.published'),
      ],
      at + 40,
    );
  },
  'findings of a dump beside': (language) => {
    const { events, at } = findings(besidePlan(), language);
    return story(events, at + 30);
  },
  'swap without an answer': (language) => {
    const { events, at } = upTo(besidePlan(), language, 'swap-names');
    return story(
      [
        ...events,
        intent(at, 'swap-names', 'do', true),
        failed(at + 5, 'swap-names', 'database.unreachable'),
        turnedBack(at + 6, 'swap-names', 'database.unreachable'),
        parked(at + 7, 'engine.published'),
      ],
      at + 10,
    );
  },
};
