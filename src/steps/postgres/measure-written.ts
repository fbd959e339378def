import { z } from 'zod';
import type { SwapBackOutputs } from '../../domain/rollback.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import { instant } from '../../domain/time.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { writtenSinceSwap } from '../../verification/since-swap.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';

const counts = z.record(z.string(), z.number());

export const measureWrittenInput = z.object({
  at: z.object({ host: z.string().min(1), port: z.number() }),
  /** The name that the application knows. */
  live: z.string().min(1),
  verifyRole: roleSecretInput,
  /** The critical tables. */
  tables: z.array(z.string().min(1)),
  budgetSeconds: z.number().positive(),
  /** Of the two databases whose names were swapped. */
  oids: z.array(z.number().int().positive()).length(2),
  /** By table, as the swapping operation had compared them: rows of the one that serves, and what the other had besides. */
  rowsAtSwap: counts,
  returned: counts,
});
export type MeasureWrittenInput = z.infer<typeof measureWrittenInput>;

/**
 * What was written since the swap, and stays in the database that is left. Nobody can connect to the one that is gone back
 * to, so the two aren't compared: PostgreSQL itself says of every row which transaction wrote it.
 */
export function measureWritten(access: DatabaseAccess): Step {
  return {
    id: 'measure-written',
    fence: 'read-only',
    async run(context) {
      const { at, live, rowsAtSwap, returned, oids, ...rest } = inputOf(measureWrittenInput, context.input);
      const asOf = instant(Date.now());
      const question = { ...rest, oids, address: { ...at, database: live }, signal: context.signal };
      const { tables, notMeasured } = await writtenSinceSwap(access, question);
      return done<SwapBackOutputs['measure-written']>({
        at: asOf,
        tables: tables.map(({ table, rows, written }) => ({
          table,
          rows,
          lost: written,
          returned: returned[table] ?? null,
          changed: goneOf(rowsAtSwap[table], rows, written),
        })),
        notMeasured,
      });
    },
    undo: nothingToUndo,
  };
}

/** Rows that were there at the swap and are no more as they were: they were changed, or deleted. */
function goneOf(atSwap: number | undefined, rows: number, written: number | null): number | null {
  if (atSwap === undefined || written === null) return null;
  return Math.max(0, atSwap - (rows - written));
}
