import { secondsBetween } from '../domain/time.ts';
import { auditTexts } from '../messages/audit.ts';
import { resultTexts } from '../messages/outcome.ts';
import { reportTexts as texts, toldTexts } from '../messages/report.ts';
import { showDuration } from '../messages/units.ts';
import { whatOf } from '../slack/views/approval.ts';
import { downtimeSeconds, rpo, rtoBegan, rtoSeconds } from '../slack/views/clocks.ts';
import { pointAt } from '../slack/views/situation.ts';
import { code, literal, table } from './markdown.ts';
import { person, type Reported, shown, situationOf } from './reported.ts';

/** How it ended, in one line. */
export function summaryOf(reported: Reported): string {
  const { state, locale, now } = reported;
  const what = literal(whatOf(situationOf(reported)));
  if (!state.closed) return texts.unfinished(locale, { what, at: shown(now) });
  const { outcome, service, at } = state.closed;
  return texts.summary(locale, {
    what,
    outcome: auditTexts.outcomes[outcome](locale),
    service: auditTexts.services[service](locale),
    at: shown(at),
  });
}

/** Who asked for what and why, on which plan, and the chain's head as the witness. */
export function glance(reported: Reported): readonly string[] {
  const { state, events, locale } = reported;
  const { request, plan, head } = state;
  const args = Object.entries(request?.args ?? {}).filter(([, value]) =>
    ['string', 'boolean', 'number'].includes(typeof value),
  );
  const point = pointAt(reported);
  const rows = [
    [texts.askedBy(locale), person(request?.requester.slackUser)],
    [texts.askedAt(locale), shown(request?.at)],
    [texts.why(locale), request?.reason ? literal(request.reason) : texts.noReason(locale)],
    ...(request?.incidentAt ? [[texts.incidentAt(locale), shown(request.incidentAt)]] : []),
    ...(args.length > 0
      ? [[texts.args(locale), args.map(([name, value]) => code(`${name}: ${value}`)).join(' ')]]
      : []),
    ...(point ? [[texts.recoveryPoint(locale), shown(point)]] : []),
    [texts.plan(locale), plan ? code(plan.digest) : texts.noPlan(locale)],
    [texts.head(locale), head ? code(head.sha256) : ''],
    [texts.events(locale), String(events.length)],
  ];
  return [`## ${texts.facts(locale)}`, '', ...table([texts.fact(locale), texts.value(locale)], rows)];
}

/** RTO, RPO and downtime beside what the config asks for; what wasn't measured is said to be so. */
export function measures(reported: Reported): readonly string[] {
  const { state, environment, locale, now } = reported;
  const situation = situationOf(reported);
  const objectives = environment?.objectives;
  const row = (name: string, from: string, seconds: number | undefined, minutes: number | undefined) => [
    from ? `${name} (${from})` : name,
    seconds === undefined ? resultTexts.notMeasured(locale) : showDuration(seconds, locale),
    minutes === undefined ? texts.none(locale) : showDuration(minutes * 60, locale),
    seconds === undefined || minutes === undefined ? '' : (seconds <= minutes * 60 ? texts.met : texts.missed)(locale),
  ];
  const down = downtimeSeconds(state);
  const point = rpo(situation);
  const began = rtoBegan(state);
  const whole = state.request ? secondsBetween(state.request.at, state.closed?.at ?? now) : undefined;
  // Only what stopped the application has an RTO: a snapshot takes nobody's service away.
  const rto = down === undefined ? undefined : rtoSeconds(state, now);
  const rows = [
    row(resultTexts.rto(locale), began ? resultTexts.rtoFrom(locale, began) : '', rto, objectives?.rtoMinutes),
    row(
      resultTexts.rpo(locale),
      point ? resultTexts.rpoFrom(locale, point) : '',
      point?.seconds,
      objectives?.rpoMinutes,
    ),
    row(resultTexts.downtime(locale), resultTexts.downtimeFrom(locale), down, undefined),
    row(resultTexts.whole(locale), '', whole, undefined),
  ];
  const heads = [texts.measure(locale), texts.result(locale), texts.objective(locale), texts.outcome(locale)];
  return [`## ${texts.measured(locale)}`, '', ...table(heads, rows)];
}

/** Everything that people said to it, in the order of the chain. What had no effect is told below, as refused. */
export function people({ state, events, locale }: Reported): readonly string[] {
  const voided = new Set(state.voided.map(({ seq }) => seq));
  const rows = events.flatMap(({ event, at }) => {
    if (voided.has(event.seq)) return [];
    const said = (type: keyof typeof toldTexts, who: string, gate: string, reason = '', principal = '') => [
      [
        shown(at),
        principal ? `${person(who)} (${literal(principal)})` : person(who),
        toldTexts[type](locale, { gate, what: '' }),
        literal(reason),
      ],
    ];
    switch (event.type) {
      case 'requested':
        return said('requested', event.data.requester.slackUser, '', event.data.reason);
      case 'vote': {
        const { decision, human, gate, reason, principal } = event.data;
        return said(decision, human.slackUser, gate, reason, principal);
      }
      case 'supersede-asked':
        return said('supersede-asked', event.data.human.slackUser, '', event.data.reason);
      case 'cancel-asked':
      case 'resumed':
        return said(event.type, event.data.human.slackUser, '');
      default:
        return [];
    }
  });
  const heads = [texts.when(locale), texts.who(locale), texts.what(locale), texts.reason(locale)];
  return [`## ${texts.people(locale)}`, '', ...table(heads, rows)];
}
