import type { Identity } from '../domain/identity.ts';
import type { OperationState } from '../domain/state.ts';
import { instant } from '../domain/time.ts';
import { type Answer, type Desk, openDesk, type Shelf, type Word } from './desk.ts';
import { isAnyGateOpen } from './gates.ts';

export interface DeskKeeping {
  readonly shelf: Shelf;
  readonly identity: Pick<Identity, 'callerOf'>;
  /** Ids of what may not be closed. */
  operations(): Promise<readonly string[]>;
  state(operation: string): Promise<OperationState>;
  take(word: Word, caller: string): Promise<Answer>;
  failed(operation: string, error: unknown): void;
  now(): Date;
}

export interface Desks {
  /** Opens a desk for each operation that waits for people, and closes those at which nothing is left to decide. */
  look(): Promise<void>;
  /** Takes what lies on the open ones. */
  serve(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The desks of a worker. Every worker keeps one for every operation that waits for people, whoever's pass was the last:
 * while people decide, no worker has the operation, and the one that had it may be gone.
 */
export function keepDesks(keeping: DeskKeeping): Desks {
  const desks = new Map<string, Desk>();
  /** One operation that can't be read, or served, takes no desk from the others. */
  const each = async (operations: readonly string[], work: (operation: string) => Promise<void>) => {
    for (const operation of operations)
      await work(operation).catch((error: unknown) => keeping.failed(operation, error));
  };
  const shut = async (operation: string) => {
    const desk = desks.get(operation);
    desks.delete(operation);
    await desk?.close();
  };
  return {
    async look() {
      const there = await keeping.operations();
      await each(
        [...desks.keys()].filter((operation) => !there.includes(operation)),
        shut,
      );
      await each(there, async (operation) => {
        const open = isAnyGateOpen(await keeping.state(operation), instant(keeping.now()));
        if (!open) return shut(operation);
        if (desks.has(operation)) return;
        desks.set(operation, await openDesk(keeping.shelf, operation, keeping.identity, keeping.take));
      });
    },
    serve: () => each([...desks.keys()], async (operation) => desks.get(operation)?.serve()),
    close: () => each([...desks.keys()], shut),
  };
}
