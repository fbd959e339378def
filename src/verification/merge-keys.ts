/** One row as it is compared: its key, a hash of all that it holds, and when it was created, where the table says so. */
export interface KeyedRow {
  readonly key: readonly string[];
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number | null;
}

/** Rows in the order of their keys; an empty batch is the end. */
export type NextBatch = () => Promise<readonly KeyedRow[]>;

export interface Difference {
  readonly before: number;
  readonly after: number;
  /** In the old database alone. */
  readonly lost: number;
  /** In the new database alone. */
  readonly returned: number;
  /** In both, with other content. */
  readonly changed: number;
  /** Milliseconds since 1970. */
  readonly lastLostAt: number | null;
  /** Of all rows of each side, where the table says when they were created. Milliseconds since 1970. */
  readonly newestBefore: number | null;
  readonly newestAfter: number | null;
}

/** How two values of one key column compare, in the very order in which the databases sort them. */
export type CompareColumn = (a: string, b: string) => number;

/** So many digits fit a number exactly. */
const exactDigits = 15;

/** Integers by their value, whatever their size. */
export const byValue: CompareColumn = (a, b) => {
  if (a === b) return 0;
  if (a.length <= exactDigits && b.length <= exactDigits) return Number(a) - Number(b);
  return BigInt(a) < BigInt(b) ? -1 : 1;
};
/** Texts by their bytes in UTF-8, as PostgreSQL's collation "C" sorts them. */
export const byBytes: CompareColumn = (a, b) => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Walks two sorted streams side by side, holding one batch of each. */
export async function mergeKeys(
  oldRows: NextBatch,
  newRows: NextBatch,
  columns: readonly CompareColumn[],
): Promise<Difference> {
  const [old, restored] = [cursorOver(oldRows), cursorOver(newRows)];
  let [before, after, lost, returned, changed] = [0, 0, 0, 0, 0];
  let lastLostAt: number | null = null;
  let newestBefore: number | null = null;
  let newestAfter: number | null = null;
  for (;;) {
    const [a, b] = [old.here() ?? (await old.refill()), restored.here() ?? (await restored.refill())];
    if (!a && !b) return { before, after, lost, returned, changed, lastLostAt, newestBefore, newestAfter };
    const order = !a ? 1 : !b ? -1 : compareKeys(a.key, b.key, columns);
    if (order <= 0) {
      before++;
      newestBefore = later(newestBefore, a);
      old.advance();
    }
    if (order >= 0) {
      after++;
      newestAfter = later(newestAfter, b);
      restored.advance();
    }
    if (order < 0) {
      lost++;
      lastLostAt = later(lastLostAt, a);
    } else if (order > 0) returned++;
    else if (a?.hash !== b?.hash) changed++;
  }
}

const later = (newest: number | null, row: KeyedRow | undefined): number | null =>
  row?.createdAt && row.createdAt > (newest ?? 0) ? row.createdAt : newest;

function compareKeys(a: readonly string[], b: readonly string[], columns: readonly CompareColumn[]): number {
  for (const [at, compare] of columns.entries()) {
    const order = compare(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function cursorOver(next: NextBatch) {
  let batch: readonly KeyedRow[] = [];
  let at = 0;
  let ended = false;
  return {
    here: () => batch[at],
    advance: () => {
      at++;
    },
    async refill(): Promise<KeyedRow | undefined> {
      if (ended) return undefined;
      batch = await next();
      at = 0;
      ended = batch.length === 0;
      return batch[0];
    },
  };
}
