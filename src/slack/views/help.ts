import { type Locale, slashOf } from '../../domain/people.ts';
import { type CommandName, commandNames, commandTexts, laterCommands } from '../../messages/commands.ts';
import { helpTexts as texts } from '../../messages/help.ts';
import { context, type Message, message, section } from './blocks.ts';
import { code, escaped } from './mrkdwn.ts';

/** Everything that this version can do; `before` stands on top, as after a word that is no command. */
export function helpView(environments: readonly string[], locale: Locale, before?: string): Message {
  const lines = commandNames.map(
    (name) => `•  ${code(`${slashOf(locale)} ${commandTexts[name].short}`)}  ${commandTexts[name].does(locale)}`,
  );
  const intro = texts.intro(locale);
  return message(before ?? intro.replaceAll('*', ''), [
    ...(before ? [section(before)] : []),
    section([intro, ...lines].join('\n')),
    context(texts.later(locale, { names: laterCommands.join(', ') })),
    context(
      `${texts.more(locale)} · ${texts.environments(locale, { names: environments.map((name) => code(name)).join(', ') })}`,
    ),
  ]);
}

/** One command: what it does, who may, what it takes, examples. */
export function commandHelp(name: CommandName, locale: Locale): Message {
  const { usage, does, detail, who, takes, examples } = commandTexts[name];
  return message(`${slashOf(locale)} ${name}: ${does(locale)}`, [
    section(`${code(`${slashOf(locale)} ${usage}`)}\n*${escaped(does(locale))}*`),
    section(`${detail(locale)}\n${texts.who(locale, { who: who(locale) })}`),
    section([texts.takes(locale), ...takes.map((one) => `•  ${code(one.name)}  ${one.means(locale)}`)].join('\n')),
    section([texts.examples(locale), ...examples.map((one) => `•  ${code(`${slashOf(locale)} ${one}`)}`)].join('\n')),
  ]);
}
