import type { AuditEvent } from '../../domain/audit.ts';
import type { Locale } from '../../domain/people.ts';
import { errorAnswer, errorLine, recordedAnswer, recordingAnswer } from './answers.ts';
import { approvalVoid } from './approval-ended.ts';
import { olderThanRunning, standings } from './backups.fixture.ts';
import { type Message, message } from './blocks.ts';
import { situationOf } from './cards.fixture.ts';
import { cleanupPlanOf, dropPlanOf } from './cleanup.fixture.ts';
import { listedDumps } from './dump.fixture.ts';
import { lastGoodOf, tracesOf, unknownOf } from './find.fixture.ts';
import { findView } from './find.ts';
import { besidePlan, inPlacePlan, ownInstancePlan } from './from-dump.fixture.ts';
import { fromDumpCards } from './from-dump-gallery.fixture.ts';
import { commandHelp, helpView } from './help.ts';
import { historyView } from './history.ts';
import { homeView } from './home.ts';
import { listView } from './list.ts';
import { after, digest, points, restorePlanOf, windows } from './plans.fixture.ts';
import { prestageCards } from './prestage.fixture.ts';
import { type Card, render } from './render.ts';
import { rescuePlanOf } from './rescue.fixture.ts';
import { rollbackPlanOf } from './rollback.fixture.ts';
import type { Milestone } from './stakeholders.ts';
import { type EnvironmentHealth, statusView } from './status.ts';
import { swapBackCards } from './swap-back.fixture.ts';

/** What stands on the Home tab, as a message would show it. */
const asMessage = ({ blocks }: ReturnType<typeof homeView>): Message => message('home', blocks);

/** Every message that pitcrew writes, by name. */
export function gallery(locale: Locale): Readonly<Record<string, Message>> {
  const card = (story: string, one: Card) => render(one, situationOf(story, locale));
  const approval = (story: string) => card(story, { kind: 'approval', digest });
  const reply = (story: string, milestone: Milestone) => card(story, { kind: 'stakeholders-reply', milestone });
  const now = after(60);
  const health: readonly EnvironmentHealth[] = [
    { environment: 'production', rpoMinutes: 15, newest: points[0] ?? 'none' },
    { environment: 'staging', rpoMinutes: 1440, newest: points[1] ?? 'none' },
    {
      environment: 'demo',
      rpoMinutes: 1440,
      newest: { error: { code: 'aws.denied', params: { action: 'rds:DescribeDBSnapshots' } } },
    },
  ];
  const audit = (of: Locale): Message => {
    const lines = (story: string, events: readonly AuditEvent[]) =>
      events.flatMap((event) => render({ kind: 'audit', event }, situationOf(story, of)).blocks);
    return message('audit', [
      ...lines('succeeded with findings', ['requested', 'approved', 'started']),
      ...lines('succeeded with findings', ['findings-accepted', 'published', 'closed']),
      ...lines('denied', ['denied', 'closed']),
      ...lines('restore first succeeded', ['cut-over-approved']),
      ...lines('cut-over denied', ['cut-over-denied', 'closed']),
      ...lines('findings expired', ['turned-back', 'closed']),
      ...lines('parked', ['parked']),
    ]);
  };
  return {
    approval: approval('waiting for approval'),
    'approval by one': approval('approved by one'),
    'approval without past': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval', locale, restorePlanOf({ onFailure: 'stay-stopped', known: false })),
    ),
    'approval of a point in time': approval('waiting for approval of a point in time'),
    'approval of a point in time with bounds': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval of a point in time', locale, restorePlanOf({ pitr: 'moment', baseline: true })),
    ),
    'approval of the latest moment': approval('waiting for approval of the latest moment'),
    'approval with a baseline': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval', locale, restorePlanOf({ baseline: true, guarded: true })),
    ),
    'approval of a backup that does not fit': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval', locale, olderThanRunning(restorePlanOf({ baseline: true }))),
    ),
    'approval with the instance gone': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval', locale, restorePlanOf({ gone: true })),
    ),
    'approval of a dump': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval', locale, ownInstancePlan()),
    ),
    'approval of a dump beside': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval', locale, besidePlan()),
    ),
    'approval of a dump in place': render(
      { kind: 'approval', digest },
      situationOf('waiting for approval', locale, inPlacePlan()),
    ),
    'approval elsewhere': render(
      { kind: 'approval', digest },
      { ...situationOf('waiting for approval', locale), displacedFrom: 'C0INCPROD' },
    ),
    ...prestageCards(locale),
    approved: approval('approved'),
    denied: approval('denied'),
    withdrawn: approval('withdrawn'),
    expired: approval('expired'),
    'expired after approval': approval('approved and too late'),
    'cancelled before it began': approval('cancelled before it began'),
    'refused after approval': approval('refused after approval'),
    void: approvalVoid(
      situationOf('waiting for approval', locale),
      '0'.repeat(64),
      restorePlanOf({ onFailure: 'stay-stopped' }),
    ),
    commands: card('waiting for approval', { kind: 'commands' }),
    settings: card('waiting for approval', { kind: 'settings' }),
    refused: card('refused', { kind: 'refused' }),
    progress: card('running', { kind: 'progress' }),
    'progress about to start': card('approved', { kind: 'progress' }),
    'progress over its RTO': card('running over its RTO', { kind: 'progress' }),
    'progress going back': card('going back', { kind: 'progress' }),
    'progress asked about findings': card('asked about findings', { kind: 'progress' }),
    'progress finished': card('succeeded', { kind: 'progress' }),
    result: card('succeeded', { kind: 'outcome' }),
    'result of a dump beside': render(
      { kind: 'outcome' },
      situationOf('swapped with the dump beside', locale, besidePlan()),
    ),
    ...fromDumpCards(locale),
    'stakeholders of a dump beside': render(
      { kind: 'stakeholders' },
      situationOf('swapped with the dump beside', locale, besidePlan()),
    ),
    checks: card('succeeded', { kind: 'checks' }),
    'result while it is checked in depth': card('checked in depth', { kind: 'outcome' }),
    'progress in service': card('checked in depth', { kind: 'progress' }),
    'result with findings': card('succeeded with findings', { kind: 'outcome' }),
    'result found in depth': card('succeeded, found in depth', { kind: 'outcome' }),
    'result with the instance gone': render(
      { kind: 'outcome' },
      situationOf('succeeded', locale, restorePlanOf({ gone: true })),
    ),
    'restore first approval': approval('restore first waits for approval'),
    'restore first progress': card('asked for the cut-over', { kind: 'progress' }),
    'restore first findings': card('restore first found something', { kind: 'findings' }),
    'cut-over': card('asked for the cut-over', { kind: 'cut-over' }),
    'cut-over approved': card('cut-over approved', { kind: 'cut-over' }),
    'cut-over denied': card('cut-over denied', { kind: 'cut-over' }),
    'cut-over expired': card('cut-over expired', { kind: 'cut-over' }),
    'kept beside': card('cut-over denied', { kind: 'outcome' }),
    'restore first result': card('restore first succeeded', { kind: 'outcome' }),
    'restore first stakeholders open': card('cut-over approved', { kind: 'stakeholders' }),
    findings: card('asked about findings', { kind: 'findings' }),
    'findings to stay stopped': render(
      { kind: 'findings' },
      situationOf('findings accepted by one', locale, restorePlanOf({ gone: true })),
    ),
    'findings accepted': card('findings accepted', { kind: 'findings' }),
    'findings denied': card('findings denied', { kind: 'findings' }),
    'findings expired': card('findings expired', { kind: 'findings' }),
    'failure after findings': card('findings expired', { kind: 'outcome' }),
    cancelled: card('cancelled', { kind: 'outcome' }),
    'failure on the old database': card('failed and back', { kind: 'outcome' }),
    'failure stopped': card('failed and stopped', { kind: 'outcome' }),
    'failure with an instance beside': card('failed, an instance beside', { kind: 'outcome' }),
    parked: card('parked', { kind: 'outcome' }),
    'parked and stopped': card('parked, stopped', { kind: 'outcome' }),
    'parked and asked to give up': card('asked to give up', { kind: 'outcome' }),
    'parked and not given up': card('not given up', { kind: 'outcome' }),
    'parked and about to be given up': card('about to be given up', { kind: 'outcome' }),
    'parked and given up': card('given up', { kind: 'outcome' }),
    'parked and taken up again': card('taken up again', { kind: 'outcome' }),
    'progress taken up again': card('taken up again on the new database', { kind: 'progress' }),
    'progress asked to cancel': card('asked to cancel', { kind: 'progress' }),
    'progress parked': card('parked', { kind: 'progress' }),
    'progress ended': card('failed and back', { kind: 'progress' }),
    audit: audit(locale),
    'rollback approval': approval('rollback waits'),
    'rollback approval of a silent database': render(
      { kind: 'approval', digest },
      situationOf('rollback waits', locale, rollbackPlanOf({ known: false })),
    ),
    'rollback refused': card('rollback refused', { kind: 'refused' }),
    'rollback commands': card('rollback waits', { kind: 'commands' }),
    'rollback progress': card('rollback running', { kind: 'progress' }),
    'rollback stakeholders open': card('rollback running', { kind: 'stakeholders' }),
    'rollback stakeholders back': reply('rolled back', 'back'),
    'rollback stakeholders over': card('rolled back', { kind: 'stakeholders' }),
    'rollback stakeholders not changed': card('rollback failed and back', { kind: 'stakeholders' }),
    'rollback result': card('rolled back', { kind: 'outcome' }),
    'rollback failed': card('rollback failed and back', { kind: 'outcome' }),
    'rollback parked': card('rollback parked', { kind: 'outcome' }),
    ...swapBackCards(locale),
    'cleanup approval': approval('cleanup waits'),
    'cleanup approval before its time': render(
      { kind: 'approval', digest },
      situationOf('cleanup waits', locale, cleanupPlanOf({ early: true })),
    ),
    'cleanup commands': card('cleanup waits', { kind: 'commands' }),
    'cleanup refused': card('cleanup refused', { kind: 'refused' }),
    'cleanup progress': card('cleanup running', { kind: 'progress' }),
    'cleanup result': card('cleaned up', { kind: 'outcome' }),
    'cleanup failed': card('cleanup stopped by a session', { kind: 'outcome' }),
    'cleanup parked': card('cleanup parked', { kind: 'outcome' }),
    'cleanup approval of a kept database': render(
      { kind: 'approval', digest },
      situationOf('cleanup waits', locale, dropPlanOf()),
    ),
    'cleanup approval of a restored database': render(
      { kind: 'approval', digest },
      situationOf('cleanup waits', locale, dropPlanOf({ early: true })),
    ),
    'cleanup result of a database': render({ kind: 'outcome' }, situationOf('database dropped', locale, dropPlanOf())),
    'cleanup failed of a database': render(
      { kind: 'outcome' },
      situationOf('drop stopped by a session', locale, dropPlanOf()),
    ),
    'rescue approval': approval('rescue waits'),
    'rescue approval of whole tables': render(
      { kind: 'approval', digest },
      situationOf('rescue waits', locale, rescuePlanOf({ plain: true })),
    ),
    'rescue commands': card('rescue waits', { kind: 'commands' }),
    'rescue refused': card('rescue refused', { kind: 'refused' }),
    'rescue progress': card('rescue running', { kind: 'progress' }),
    'rescue result': card('rows are back', { kind: 'outcome' }),
    'rescue result after a worker died': card('rows are back, after a worker died', { kind: 'outcome' }),
    'rescue failed': card('rescue rolled back', { kind: 'outcome' }),
    'rescue cancelled': card('rescue stopped after its commit', { kind: 'outcome' }),
    'rescue parked': card('rescue parked', { kind: 'outcome' }),
    'dump progress': card('dump running', { kind: 'progress' }),
    'dump failed': card('dump failed', { kind: 'outcome' }),
    'dump result': card('dump complete', { kind: 'outcome' }),
    'dump adopted': card('dump adopted', { kind: 'outcome' }),
    'verify progress': card('verify running', { kind: 'progress' }),
    'verify passed': card('verify passed', { kind: 'outcome' }),
    'verify not proven': card('verify not proven', { kind: 'outcome' }),
    'verify found something': card('verify found something', { kind: 'outcome' }),
    history: historyView(
      [
        {
          environment: 'production',
          timeZone: 'Asia/Taipei',
          past: [
            'verify found something',
            'succeeded',
            'verify passed',
            'findings expired',
            'denied',
            'dump complete',
          ].map((story) => {
            const { state, plan } = situationOf(story, locale);
            return { state, ...(plan ? { plan } : {}), url: 'https://example.slack.com/archives/C0INCPROD/p2' };
          }),
        },
        { environment: 'staging', timeZone: 'UTC', past: [] },
      ],
      after(7200),
      locale,
    ),
    'snapshot progress': card('snapshot running', { kind: 'progress' }),
    'snapshot failed': card('snapshot failed', { kind: 'outcome' }),
    'snapshot result': card('snapshot complete', { kind: 'outcome' }),
    'snapshot result without a baseline': card('snapshot without a baseline', { kind: 'outcome' }),
    'stakeholders open': card('running', { kind: 'stakeholders' }),
    'stakeholders stopped': reply('running over its RTO', 'stopped'),
    'stakeholders verified': reply('running over its RTO', 'verified'),
    'stakeholders asked': reply('asked about findings', 'asked'),
    'stakeholders accepted': reply('succeeded with findings', 'verified'),
    'stakeholders failed': reply('going back', 'turned-back'),
    'stakeholders failed to stay': render(
      { kind: 'stakeholders-reply', milestone: 'turned-back' },
      situationOf('going back', locale, restorePlanOf({ onFailure: 'stay-stopped' })),
    ),
    'stakeholders undecided': reply('parked', 'ended'),
    'stakeholders back': reply('succeeded', 'back'),
    'stakeholders back on old': reply('failed and back', 'ended'),
    'stakeholders still stopped': reply('failed and stopped', 'ended'),
    'stakeholders over': card('succeeded', { kind: 'stakeholders' }),
    list: listView(
      [
        {
          ...{ environment: 'production', timeZone: 'Asia/Taipei', points, windows, standings },
          dumps: { place: 's3://ecommerce-backups/database/', found: listedDumps },
        },
      ],
      now,
      locale,
    ),
    status: statusView(
      [situationOf('running', locale).state],
      health,
      now,
      locale,
      new Map([['op-0123456789ab', 'https://example.slack.com/archives/C0INCPROD/p1']]),
    ),
    home: asMessage(
      homeView(
        {
          environments: health.map((one) => ({ ...one, channel: 'C0INCPROD' })),
          hidden: 1,
          open: [
            { state: situationOf('running', locale).state, url: 'https://example.slack.com/archives/C0INCPROD/p1' },
          ],
          past: ['succeeded', 'findings expired', 'denied', 'snapshot complete'].map((story) => ({
            state: situationOf(story, locale).state,
            url: 'https://example.slack.com/archives/C0INCPROD/p2',
          })),
          now: after(7200),
        },
        locale,
      ),
    ),
    'home of a stranger': asMessage(homeView({ environments: [], hidden: 3, past: [], now: after(7200) }, locale)),
    'unknown command': helpView(
      ['production', 'staging'],
      locale,
      errorLine({ code: 'command.unknown', params: { given: 'restroe', closest: ['restore'] } }, locale),
    ),
    'unknown environment': errorAnswer(
      {
        code: 'request.unknown-environment',
        params: { given: 'prodution', closest: ['production'], known: ['production', 'staging'] },
      },
      locale,
    ),
    'not in this version': errorAnswer({ code: 'command.not-yet', params: { command: 'rescue' } }, locale),
    'other channel': errorAnswer(
      { code: 'slack.channel-not-allowed', params: { allowed: ['<#C0INCPROD>', '#inc-*'] } },
      locale,
    ),
    help: helpView(['production', 'staging'], locale),
    'help pitr': commandHelp('pitr', locale),
    'help restore': commandHelp('restore', locale),
    found: findView(lastGoodOf('production'), after(-1200), locale),
    'found traces': findView(tracesOf('production'), after(-1200), locale),
    'found nothing': findView(unknownOf('production'), after(-1200), locale),
    'help find': commandHelp('find', locale),
    recording: recordingAnswer(locale),
    recorded: recordedAnswer('op-0123456789ab', 'C0INCPROD', locale),
    'own request': errorAnswer({ code: 'approval.own-request', params: {} }, locale),
  };
}
