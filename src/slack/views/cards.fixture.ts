import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import { cleanupPlanOf, cleanupStories } from './cleanup.fixture.ts';
import { cutOverStories, restoreFirstPlan } from './cut-over.fixture.ts';
import { dumpPlans, dumpStories, dumpWaiting } from './dump.fixture.ts';
import {
  asks,
  badResults,
  cancelled,
  closed,
  done,
  failed,
  goodResults,
  intent,
  parked,
  planned,
  report,
  requested,
  told,
  turnedBack,
  vote,
  word,
} from './events.fixture.ts';
import { besideStories } from './from-dump.fixture.ts';
import { fromDumpStories } from './from-dump-stories.fixture.ts';
import {
  acceptedAll,
  approved,
  asked,
  backAgain,
  found,
  onNew,
  readyToVerify,
  stopping,
  toTheEnd,
  toTheHandOver,
  toTheSwitch,
} from './night.fixture.ts';
import { after, amir, moment, production, restorePlanOf, rosa, snapshotPlan } from './plans.fixture.ts';
import { rescuePlanOf, rescueStories } from './rescue.fixture.ts';
import { rollbackPlanOf, rollbackStories } from './rollback.fixture.ts';
import type { Situation } from './situation.ts';
import { snapshotStories } from './snapshot.fixture.ts';
import { swapBackStories } from './swap-back-stories.fixture.ts';
import { verifyPlan, verifyStories } from './verify.fixture.ts';
import { waysOutStories } from './ways-out.fixture.ts';

/** Every state that a card has to be drawn for, by name; `seconds` is the moment at which one looks. */
export const stories: Readonly<Record<string, (language: Locale) => { state: OperationState; seconds: number }>> = {
  ...rollbackStories,
  ...swapBackStories,
  ...cleanupStories,
  ...rescueStories,
  ...cutOverStories,
  ...dumpStories,
  ...verifyStories,
  ...snapshotStories,
  planning: (language) => ({ state: told([requested('restore', language)]), seconds: 8 }),
  'waiting for approval': (language) => ({ state: told([requested('restore', language), planned(20)]), seconds: 25 }),
  'waiting for approval of a point in time': (language) => ({
    state: told([requested('pitr', language, 2, { to: moment.at ?? '', typed: 'today 10:30:14' }), planned(20)]),
    seconds: 25,
  }),
  'waiting for approval of the latest moment': (language) => ({
    state: told([requested('pitr', language, 2, { to: 'latest' }), planned(20)]),
    seconds: 25,
  }),
  'approved by one': (language) => ({
    state: told([requested('restore', language), planned(20), vote(95, amir)]),
    seconds: 100,
  }),
  approved: (language) => ({ state: told(approved(language)), seconds: 141 }),
  denied: (language) => ({
    state: told([
      requested('restore', language),
      planned(20),
      vote(95, amir, 'deny', 'Only *one* table is hurt: copy it back instead'),
      closed(96, 'denied', 'unchanged'),
    ]),
    seconds: 97,
  }),
  withdrawn: (language) => ({
    state: told([
      requested('restore', language),
      planned(20),
      vote(95, rosa, 'deny'),
      closed(96, 'denied', 'unchanged'),
    ]),
    seconds: 97,
  }),
  expired: (language) => ({
    state: told([requested('restore', language), planned(20), vote(95, amir), closed(1900, 'expired', 'unchanged')]),
    seconds: 1901,
  }),
  'approved and too late': (language) => ({
    state: told([...approved(language), closed(800, 'expired', 'unchanged')]),
    seconds: 801,
  }),
  'cancelled before it began': (language) => ({
    state: told([
      requested('restore', language),
      planned(20),
      cancelled(60, rosa),
      closed(61, 'cancelled', 'unchanged'),
    ]),
    seconds: 61,
  }),
  'refused after approval': (language) => ({
    state: told([
      ...approved(language),
      closed(142, 'refused', 'unchanged', {
        code: 'aws.quota',
        params: { action: 'rds:RestoreDBInstanceFromDBSnapshot', quota: 'DBInstances' },
      }),
    ]),
    seconds: 142,
  }),
  'failed, an instance beside': (language) => ({
    state: told([
      ...approved(language),
      intent(145, 'record-application'),
      intent(148, 'restore-instance'),
      done(153, 'restore-instance', { instanceId: 'ecommerce-production-r1a2b3c4d5e6', adopted: false }),
      failed(160, 'record-application', 'restore.replicas-unknown', { workload: 'production/ecommerce-backend' }),
      turnedBack(161, 'record-application', 'restore.replicas-unknown', { workload: 'production/ecommerce-backend' }),
      closed(162, 'failed', 'beside-only'),
    ]),
    seconds: 163,
  }),
  'parked, stopped': (language) => ({
    state: told([
      ...stopping(language),
      turnedBack(300, 'await-instance', 'restore.instance-failed', { instance: 'ecommerce-production-r1a2b3c4d5e6' }),
      intent(301, 'stop-application', 'undo'),
      parked(400, 'engine.poison'),
    ]),
    seconds: 401,
  }),
  ...waysOutStories,
  ...besideStories,
  ...fromDumpStories,
  refused: (language) => ({
    state: told([
      requested('restore', language),
      closed(9, 'refused', 'unchanged', {
        code: 'operation.busy',
        params: { holder: 'op-ffffffffffff', resource: 'arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production' },
      }),
    ]),
    seconds: 10,
  }),
  running: (language) => ({ state: told(stopping(language)), seconds: 165 }),
  'running over its RTO': (language) => ({ state: told(toTheSwitch(language)), seconds: 4200 }),
  succeeded: (language) => ({
    state: told([
      ...toTheSwitch(language),
      done(846, 'prove-on-new', onNew(806)),
      intent(847, 'fence-old'),
      done(849, 'fence-old', {
        role: 'ecommerce_app',
        endedSessions: 1,
        ended: [{ role: 'ecommerce_app', application: 'nightly-reprice', address: '10.1.7.21', since: after(812) }],
      }),
      intent(850, 'hand-over'),
      done(852, 'hand-over', {
        keptInstance: 'ecommerce-production',
        notes: ['hand-over.infrastructure-as-code', 'hand-over.downstream'],
      }),
      closed(853, 'succeeded', 'new-database'),
    ]),
    seconds: 853,
  }),
  'asked about findings': (language) => ({ state: told(asked(language)), seconds: 780 }),
  'findings accepted by one': (language) => ({
    state: told([...asked(language), word(800, amir, 'approve')]),
    seconds: 805,
  }),
  'findings accepted': (language) => ({ state: told(acceptedAll(language)), seconds: 831 }),
  'findings denied': (language) => ({
    state: told([
      ...asked(language),
      word(800, amir, 'deny'),
      failed(801, 'judge-verification', 'restore.verification-failed', { failed: 2, asked: 'denied' }),
      turnedBack(802, 'judge-verification', 'restore.verification-failed', { failed: 2, asked: 'denied' }),
    ]),
    seconds: 803,
  }),
  'findings expired': (language) => ({
    state: told([
      ...asked(language),
      word(800, amir, 'approve'),
      failed(1690, 'judge-verification', 'restore.verification-failed', { failed: 2, asked: 'late' }),
      turnedBack(1691, 'judge-verification', 'restore.verification-failed', { failed: 2, asked: 'late' }),
      ...backAgain,
      closed(1731, 'failed', 'old-database', { code: 'restore.verification-failed', params: { failed: 2 } }),
    ]),
    seconds: 1731,
  }),
  'succeeded with findings': (language) => ({
    state: told([
      ...acceptedAll(language),
      done(832, 'judge-verification', { outcome: 'accepted', by: ['U0AMIR', 'U0WEI'], findings: 2 }),
      ...toTheEnd(840),
    ]),
    seconds: 1243,
  }),
  'checked in depth': (language) => ({
    state: told([
      ...readyToVerify(language),
      done(765, 'verify-database', { report: report(goodResults, 'not-proven') }),
      asks(766),
      done(767, 'judge-verification', { outcome: 'not-proven' }),
      ...toTheHandOver(791),
    ]),
    seconds: 900,
  }),
  'succeeded, found in depth': (language) => ({
    state: told([
      ...readyToVerify(language),
      done(765, 'verify-database', { report: report(goodResults, 'not-proven') }),
      asks(766),
      done(767, 'judge-verification', { outcome: 'not-proven' }),
      ...toTheEnd(791, badResults, 'fail'),
    ]),
    seconds: 1200,
  }),
  cancelled: (language) => ({
    state: told([
      ...stopping(language),
      cancelled(170, rosa),
      turnedBack(171, '', 'operation.cancelled'),
      intent(172, 'stop-application', 'undo'),
      done(176, 'stop-application', {}, 'undo'),
      closed(200, 'cancelled', 'old-database'),
    ]),
    seconds: 200,
  }),
  'going back': (language) => ({
    state: told([...found(language), intent(769, 'stop-application', 'undo')]),
    seconds: 780,
  }),
  'failed and back': (language) => ({
    state: told([
      ...found(language),
      intent(769, 'stop-application', 'undo'),
      done(775, 'stop-application', {}, 'undo'),
      intent(776, 'record-application', 'undo'),
      done(800, 'record-application', {}, 'undo'),
      closed(801, 'failed', 'old-database', { code: 'restore.verification-failed', params: { failed: 2 } }),
    ]),
    seconds: 801,
  }),
  'failed and stopped': (language) => ({
    state: told([
      ...found(language),
      closed(801, 'failed', 'stopped', { code: 'restore.verification-failed', params: {} }),
    ]),
    seconds: 801,
  }),
  parked: (language) => ({
    state: told([
      ...toTheSwitch(language),
      failed(860, 'prove-on-new', 'restore.not-up'),
      turnedBack(861, 'prove-on-new', 'restore.not-up'),
      parked(862, 'engine.published'),
    ]),
    seconds: 870,
  }),
};

/** A story as a view is given it. */
export function situationOf(name: string, locale: Locale, plan?: Plan): Situation {
  const story = stories[name];
  if (!story) throw new Error(`there is no story "${name}"`);
  const { state, seconds } = story(locale);
  const { operation, args } = state.request ?? {};
  const inTime = restorePlanOf({ pitr: args?.to === 'latest' ? 'latest' : 'moment' });
  const restore =
    operation === 'pitr' ? inTime : args?.order === 'restore-first' ? restoreFirstPlan() : restorePlanOf();
  const others: Readonly<Record<string, Plan>> = {
    snapshot: snapshotPlan,
    rollback: rollbackPlanOf(),
    cleanup: cleanupPlanOf(),
    rescue: rescuePlanOf(),
    ...dumpPlans,
    verify: verifyPlan,
  };
  const fitting = others[operation ?? ''] ?? restore;
  return {
    state,
    ...(state.plan ? { plan: plan ?? fitting } : {}),
    waiting:
      name === 'dump running'
        ? dumpWaiting
        : name === 'running'
          ? [
              {
                step: 'await-instance',
                because: {
                  code: 'wait.rds-status',
                  params: { instance: 'ecommerce-production-r1a2b3c4d5e6', status: 'creating' },
                },
              },
            ]
          : [],
    environment: production,
    locale,
    now: after(seconds),
  };
}
