import { userError } from '../domain/errors.ts';

import { commandTexts } from '../messages/commands.ts';
import { findTexts } from '../messages/find.ts';
import { soughtRows, soughtSince } from '../requests/sought.ts';
import { openPitrDialog } from './pitr-dialog.ts';
import { said } from './views/answers.ts';
import { findView } from './views/find.ts';
import { environmentNamed, type Handling, type Visit } from './visit.ts';

export interface FindAsked {
  readonly environment?: string;
  readonly since?: string;
  readonly table?: string;
  readonly where?: string;
}

/** `/backup find`: when the data was last good, told privately. It only reads, and takes up to a minute. */
export async function tellLastGood(given: Handling, visit: Visit, asked: FindAsked): Promise<void> {
  const { tell, locale, now } = visit;
  const names = Object.keys(given.settings.environments);
  const environment = environmentNamed(given, asked.environment ?? (names.length === 1 ? names[0] : undefined));
  if (!environment)
    throw userError('command.environment-missing', { known: names, example: commandTexts.find.examples[0] ?? '' });
  const sought = {
    environment,
    since: soughtSince(asked.since, { timeZone: environment.database.timeZone, now }),
    bad: soughtRows(asked.table, asked.where),
  };
  await tell(said(findTexts.looking(locale)));
  await tell(findView(await given.findLastGood(sought), now, locale));
}

/** A moment that was found, in the dialog in which one asks for it. */
export async function recoverTo(given: Handling, visit: Visit, value: string, triggerId: string): Promise<void> {
  const [name, at = ''] = value.split(' ');
  const environment = environmentNamed(given, name);
  if (!environment || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/.test(at)) throw userError('slack.bad-button');
  await openPitrDialog(given, visit, triggerId, environment, { to: at });
}
