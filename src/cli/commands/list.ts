import type { Environment } from '../../domain/settings.ts';
import { instant } from '../../domain/time.ts';
import { listBackups } from '../../requests/list-backups.ts';
import { listView } from '../../slack/views/list.ts';
import { cardText } from '../card-text.ts';
import { document, exits, type Session } from '../terminal.ts';

/** What environments can go back to. Fails when one of them can't be asked, after showing the others. */
export async function list(session: Session, environments: readonly Environment[]): Promise<number> {
  const { terminal, io, locale, json } = session;
  const listed = await Promise.all(environments.map((one) => listBackups(terminal, one)));
  if (json) document(session, { environments: listed });
  else io.out(cardText(listView(listed, instant(io.now()), locale)));
  return listed.some(({ points }) => 'error' in points) ? exits.failed : exits.succeeded;
}
