import type { Identity } from '../domain/identity.ts';
import { type Answer, clearLeftDesks, type Desk, everyOperation, openDesk, type Shelf, type Word } from './desk.ts';

/**
 * The desk of a worker, for whatever waits for people, whoever's pass was the last: while people decide, no worker has the
 * operation, and the one that had it may be gone. One desk for all of them: it is listed once a look, however many wait.
 */
export function keepDesk(
  shelf: Shelf,
  identity: Pick<Identity, 'callerOf'>,
  take: (word: Word, caller: string) => Promise<Answer>,
): Desk {
  let desk: Desk | undefined;
  return {
    async serve() {
      if (!desk) {
        desk = await openDesk(shelf, everyOperation, identity, take);
        await clearLeftDesks(shelf);
      }
      await desk.serve();
    },
    async close() {
      await desk?.close();
      desk = undefined;
    },
  };
}
