import type { Environment } from '../../domain/settings.ts';
import { instant } from '../../domain/time.ts';
import { soughtRows, soughtSince } from '../../requests/sought.ts';
import { findView } from '../../slack/views/find.ts';
import { cardText } from '../card-text.ts';
import type { Order } from '../read-order.ts';
import { document, exits, type Session } from '../terminal.ts';

/** When the data was last good. It succeeds with "unknown" too: that is the answer then. */
export async function find(session: Session, environment: Environment, { values }: Order): Promise<number> {
  const { terminal, io, locale, json } = session;
  const now = instant(io.now());
  const { timeZone } = environment.database;
  const found = await terminal.findLastGood({
    environment,
    since: soughtSince(values.since, { timeZone, now }),
    bad: soughtRows(values.table, values.where),
  });
  if (json) document(session, found);
  else io.out(cardText(findView(found, now, locale)));
  return exits.succeeded;
}
