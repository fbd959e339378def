import type { Report } from '../domain/report.ts';
import { reportTexts as texts } from '../messages/report.ts';
import { whatOf } from '../slack/views/approval.ts';
import { checklist, failures, keptAndToDo, loss, refusals, settings, stepTable } from './evidence.ts';
import { glance, measures, people, summaryOf } from './glance.ts';
import { code, literal, table } from './markdown.ts';
import { drawTimeline } from './picture.ts';
import { type Reported, readable, situationOf } from './reported.ts';
import { timelineOf } from './timeline.ts';

export type { Reported } from './reported.ts';

/** The document, and beside it the picture that it shows. */
export const documentName = 'report.md';
export const pictureName = 'timeline.png';

/**
 * The evidence pack of one operation, and the skeleton of its post-mortem. All of it comes from the chain, the plan that its
 * digest names, and the objectives of the config: the same gives the same bytes. No row data, and nothing of a step's output
 * that isn't named here.
 */
export function writeReport(given: Reported): Pick<Report, 'operation' | 'summary' | 'markdown' | 'picture'> {
  const { state, locale } = given;
  const timeline = timelineOf(given);
  const title = texts.title(locale, { what: whatOf(situationOf(given)), operation: state.id });
  return {
    ...writeDocument(given),
    operation: state.id,
    picture: timeline ? drawTimeline(timeline, { title, locale }) : new Uint8Array(),
  };
}

/** The document alone. */
export function writeDocument(given: Reported): Pick<Report, 'summary' | 'markdown'> {
  const reported = readable(given);
  const { state, locale } = reported;
  const what = whatOf(situationOf(reported));
  const summary = summaryOf(reported);
  const lines = [
    `# ${texts.title(locale, { what: literal(what), operation: code(state.id) })}`,
    '',
    summary,
    '',
    texts.source(locale),
    '',
    `![${texts.timelinePicture(locale)}](${pictureName})`,
    '',
    ...glance(reported),
    ...measures(reported),
    ...people(reported),
    ...checklist(reported),
    ...loss(reported),
    ...stepTable(reported),
    ...failures(reported),
    ...refusals(reported),
    ...settings(reported),
    ...keptAndToDo(reported),
    ...postMortem(reported),
  ];
  return { summary, markdown: new TextEncoder().encode(`${lines.join('\n').trimEnd()}\n`) };
}

function postMortem({ locale }: Reported): readonly string[] {
  return [
    `## ${texts.postMortem(locale)}`,
    '',
    texts.fillIn(locale),
    '',
    ...texts.questions.flatMap((question) => [`### ${question(locale)}`, '', '…', '']),
    `### ${texts.actions(locale)}`,
    '',
    ...table([texts.action(locale), texts.owner(locale), texts.due(locale)], [['', '', '']]),
  ];
}
