import type { Note } from '../../domain/restore.ts';
import { approvalTexts as texts } from '../../messages/approval.ts';
import { stepTitle, stepUndo } from '../../messages/steps.ts';
import { type Block, context, header, type Message, message, section, sections } from './blocks.ts';
import { noteLine, originOf, toDo } from './cautions.ts';
import { bold, code, escaped } from './mrkdwn.ts';
import { restorePlan, type Situation } from './situation.ts';

/** In the thread of the approval card: every step with its command and how it is taken back. */
export function commandsDetail({ plan, locale }: Situation): Message {
  const commands = plan?.shown.commands ?? {};
  const blocks = (plan?.bound.steps ?? []).map(({ id }, index) => {
    const argvs = Object.hasOwn(commands, id) ? (commands[id] ?? []) : [];
    const undo = stepUndo(locale, id);
    return section(
      [
        bold(`${index + 1}. ${escaped(stepTitle(locale, id))}`),
        ...(argvs.length === 0 ? [`_${texts.noCommand(locale)}_`] : argvs.map((argv) => code(quoted(argv)))),
        ...(undo ? [texts.undoneBy(locale, { undo })] : []),
      ].join('\n'),
    );
  });
  const title = texts.detailsTitle(locale);
  return message(title, [header(title), context(texts.detailsNote(locale)), ...blocks]);
}

/** An argv as one would type it into a shell: quoted where it must be (POSIX shell, "Quoting"). */
export function quoted(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** In the thread too: every setting of the new instance with its origin, quotas, who could write, what is left to do. */
export function settingsDetail({ plan, locale }: Situation): Message {
  const restore = restorePlan(plan);
  const title = texts.settingsTitle(locale);
  const settings = (restore?.shown.settings ?? []).map((one) => {
    const shown = one.value === '' ? '' : ` ${code(one.value)}`;
    return `${code(one.name)}${shown} · ${texts.how(locale, { how: one.how })} · ${originOf(one, locale)}`;
  });
  const notes = (title: string, all: readonly Note[] = []) =>
    all.length > 0 ? sections([title, ...all.map((note) => noteLine(note, locale))]) : [];
  const quotas = (restore?.shown.quotas ?? []).map(({ name, used, max }) => `${escaped(name)}: ${used} / ${max}`);
  const blocks: Block[] = [
    header(title),
    ...sections(settings),
    ...(quotas.length > 0 ? sections([bold(texts.quotasTitle(locale)), ...quotas]) : []),
    ...notes(texts.guards(locale), restore?.shown.guards),
    ...notes(texts.handOver(locale), toDo(restore?.shown.handOver)),
  ];
  return message(title, blocks);
}
