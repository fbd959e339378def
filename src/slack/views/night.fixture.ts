import type { Locale } from '../../domain/people.ts';
import {
  asks,
  badResults,
  closed,
  deepResults,
  done,
  failed,
  goodResults,
  intent,
  jobResult,
  mixedResults,
  planned,
  report,
  requested,
  type Timed,
  turnedBack,
  vote,
  word,
} from './events.fixture.ts';
import { after, amir, wei } from './plans.fixture.ts';

// What happened in one night, told by real events through the real fold.

/** What the application was seen to do on the new instance. */
export const onNew = (firstSessionAt: number) => ({
  pods: 4,
  sessions: 12,
  firstSessionAt: after(firstSessionAt),
  log: { lines: 1204, errors: 0, kind: '', pods: [] },
  smoke: 200,
});

export const approved = (language: Locale): readonly Timed[] => [
  requested('restore', language),
  planned(20),
  vote(95, amir),
  vote(140, wei),
];
export const stopping = (language: Locale): readonly Timed[] => [
  ...approved(language),
  intent(145, 'record-application'),
  done(147, 'record-application'),
  intent(148, 'stop-application'),
  intent(148, 'restore-instance'),
  done(152, 'stop-application', { workloads: 1, paused: 0 }),
  done(153, 'restore-instance', { instanceId: 'ecommerce-production-r1a2b3c4d5e6', adopted: false }),
  intent(153, 'prove-stopped'),
  intent(154, 'await-instance'),
];
export const readyToVerify = (language: Locale): readonly Timed[] => [
  ...stopping(language),
  done(171, 'prove-stopped', { pods: 0, sessions: 0, at: after(170) }),
  intent(172, 'watch-stopped'),
  intent(172, 'rescue-snapshot'),
  done(173, 'rescue-snapshot', { taken: true, snapshotId: 'pitcrew-rescue-0123456789ab' }),
  done(640, 'await-instance'),
  intent(641, 'align-instance'),
  done(650, 'align-instance', { changed: ['MonitoringInterval'] }),
  intent(651, 'prove-aligned'),
  done(690, 'prove-aligned', { compared: 31 }),
  intent(690, 'align-login'),
  done(690, 'align-login', { repaired: ['ecommerce_app'], created: [], left: [], masterReset: false }),
  intent(691, 'verify-database'),
  intent(691, 'start-check-job'),
  done(692, 'start-check-job', { job: 'pitcrew-check-0123456789ab', adopted: false }),
  intent(693, 'await-check-job'),
  done(740, 'await-check-job', { result: jobResult }),
];
export const toTheSwitch = (language: Locale): readonly Timed[] => [
  ...readyToVerify(language),
  done(765, 'verify-database', { report: report(goodResults, 'not-proven') }),
  intent(766, 'judge-verification'),
  done(767, 'judge-verification', { outcome: 'not-proven' }),
  intent(768, 'measure-loss'),
  done(790, 'measure-loss', {
    tables: [
      { table: 'customers', before: 20124, after: 20112, lost: 12, returned: 0, changed: 3 },
      { table: 'orders', before: 98110, after: 98796, lost: 1204, returned: 1890, changed: null },
    ],
    lastLostAt: after(149),
    notMeasured: ['order_items'],
  }),
  done(790, 'watch-stopped', { until: after(790) }),
  intent(791, 'switch-secret', 'do', true),
  done(793, 'switch-secret', { versionId: 'v-new', previousVersionId: '6f1c2a34-0000-4000-8000-1234567890ab' }),
  intent(794, 'start-application'),
  done(797, 'start-application', { workloads: 1 }),
  intent(798, 'prove-on-new'),
];
export const found = (language: Locale): readonly Timed[] => [
  ...readyToVerify(language),
  done(765, 'verify-database', { report: report(badResults, 'fail') }),
  intent(766, 'judge-verification'),
  failed(767, 'judge-verification', 'restore.verification-failed', { failed: 2 }),
  turnedBack(768, 'judge-verification', 'restore.verification-failed', { failed: 2 }),
];

/** What was found, and people are asked: the step that judges waits. */
export const asked = (language: Locale): readonly Timed[] => [
  ...readyToVerify(language),
  done(765, 'verify-database', { report: report(mixedResults, 'fail') }),
  asks(766),
];
export const acceptedAll = (language: Locale): readonly Timed[] => [
  ...asked(language),
  word(800, amir, 'approve'),
  word(830, wei, 'approve'),
];
export const backAgain: readonly Timed[] = [
  intent(1700, 'stop-application', 'undo'),
  done(1705, 'stop-application', {}, 'undo'),
  intent(1706, 'record-application', 'undo'),
  done(1730, 'record-application', {}, 'undo'),
];
/** From the switch until it is handed over, and every table is looked at. */
export const toTheHandOver = (at: number): readonly Timed[] => [
  intent(at - 3, 'measure-loss'),
  done(at - 2, 'measure-loss', { tables: [], lastLostAt: null, notMeasured: ['orders'] }),
  done(at - 1, 'watch-stopped', { until: after(at - 1) }),
  intent(at, 'switch-secret', 'do', true),
  done(at + 2, 'switch-secret', { versionId: 'v-new', previousVersionId: '6f1c2a34-0000-4000-8000-1234567890ab' }),
  intent(at + 3, 'start-application'),
  done(at + 6, 'start-application', { workloads: 1 }),
  intent(at + 7, 'prove-on-new'),
  done(at + 50, 'prove-on-new', onNew(at + 12)),
  intent(at + 51, 'fence-old'),
  done(at + 52, 'fence-old', { role: 'ecommerce_app', endedSessions: 0, ended: [] }),
  intent(at + 53, 'verify-deeply'),
  intent(at + 54, 'hand-over'),
  done(at + 55, 'hand-over', {
    keptInstance: 'ecommerce-production',
    notes: ['hand-over.infrastructure-as-code', 'hand-over.downstream'],
  }),
];
export const toTheEnd = (at: number, results = deepResults, outcome: 'pass' | 'fail' = 'pass'): readonly Timed[] => [
  ...toTheHandOver(at),
  done(at + 400, 'verify-deeply', { report: { ...report(results, outcome), seconds: 347, notChecked: [] } }),
  closed(at + 403, 'succeeded', 'new-database'),
];
