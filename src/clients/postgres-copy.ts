import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';

/** What a `COPY … TO STDOUT` says, in PostgreSQL's own portions, no faster than it is taken. */
export async function* copiedOut(client: pg.Client, sql: string): AsyncGenerator<Uint8Array> {
  yield* client.query(to(sql)) as AsyncIterable<Uint8Array>;
}

/** Gives a `COPY … FROM STDIN` what flows, no faster than the server takes it. @returns rows */
export async function copiedIn(client: pg.Client, sql: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const stream = client.query(from(sql));
  await pipeline(chunks, stream);
  return stream.rowCount;
}
