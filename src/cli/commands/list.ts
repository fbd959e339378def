import { recorded } from '../../domain/errors.ts';
import type { Environment } from '../../domain/settings.ts';
import { instant } from '../../domain/time.ts';
import { listView } from '../../slack/views/list.ts';
import { asTyped, cardText } from '../card-text.ts';
import { document, exits, type Session } from '../terminal.ts';

/** What environments can go back to. Fails when one of them can't be asked, after showing the others. */
export async function list(session: Session, environments: readonly Environment[]): Promise<number> {
  const { terminal, io, locale, json } = session;
  const listed = await Promise.all(
    environments.map(async (environment) => ({
      // Snapshots are listed without it.
      windows: await terminal.windows(environment).catch(() => undefined),
      dumps: await dumpsOf(session, environment),
      environment: environment.name,
      timeZone: environment.database.timeZone,
      points: await terminal.recoveryPoints(environment).catch((error: unknown) => ({ error: recorded(error) })),
    })),
  );
  if (json) document(session, { environments: listed });
  else io.out(asTyped(cardText(listView(listed, instant(io.now()), locale))));
  return listed.some(({ points }) => 'error' in points) ? exits.failed : exits.succeeded;
}

/** Snapshots are listed though the bucket can't be. */
async function dumpsOf({ terminal }: Session, environment: Environment) {
  if (!environment.dumps) return undefined;
  const { bucket, prefix } = environment.dumps;
  const found = await terminal.dumps(environment).catch((error: unknown) => ({ error: recorded(error) }));
  return { place: `s3://${bucket}/${prefix}`, found: found ?? [] };
}
