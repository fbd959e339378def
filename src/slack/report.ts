import { userError } from '../domain/errors.ts';
import { spokenIn } from '../domain/settings.ts';
import { commandTexts } from '../messages/commands.ts';
import { reportTexts as texts } from '../messages/report.ts';
import { said } from './views/answers.ts';
import { whatOf } from './views/approval.ts';
import { code } from './views/mrkdwn.ts';
import type { Handling, Visit } from './visit.ts';
import { operationTyped } from './ways-out.ts';

/**
 * `/backup report <operation>`, and the button on a card: the report is kept, and shown in the thread of the operation's
 * newest card, in the language of its channel.
 */
export async function tellReport(given: Handling, visit: Visit, typed: string | undefined): Promise<void> {
  if (typed === undefined)
    throw userError('command.operation-missing', { command: 'report', example: commandTexts.report.examples[0] });
  const operation = operationTyped(typed);
  const { requests, report, upload, cardOf } = given;
  const state = await requests.state(operation);
  if (!state.request) throw userError('request.unknown-id', { given: operation });
  await visit.tell(said(texts.making(visit.locale)));
  const { language } = state.request;
  const locale = spokenIn(given.settings, language);
  const { summary, place, markdown, picture } = await report(operation, language);
  const card = await cardOf(operation).catch(() => undefined);
  const because = await upload({
    channel: card?.channel ?? visit.channel,
    ...(card ? { thread: card.ts } : {}),
    comment: texts.uploaded(locale, {
      what: `${whatOf({ state, locale })} · ${code(operation)}`,
      line: summary.replaceAll('**', '*').replaceAll(/\\(.)/g, '$1'),
      place: code(place),
    }),
    files: [
      { name: `${operation}.md`, bytes: markdown },
      { name: `${operation}.png`, bytes: picture },
    ],
  });
  const { locale: own } = visit;
  await visit.tell(said(because === undefined ? texts.there(own) : texts.notUploaded(own, { because: code(because) })));
}
