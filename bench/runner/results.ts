import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';
import type { Findings } from './part.ts';

/** What one run of one part found, as it is kept: the page is written from these files alone. */
export interface Result extends Findings {
  readonly part: string;
  /** ISO 8601, when it began. */
  readonly at: string;
  readonly tookSeconds: number;
  readonly quick: boolean;
  readonly machine: Machine;
}

const folder = fileURLToPath(new URL('../results/', import.meta.url));
const fileOf = (part: string, where: string) => join(where, `${part}.json`);

export function keepResult(result: Result, where = folder): string {
  mkdirSync(where, { recursive: true });
  const file = fileOf(result.part, where);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** @returns undefined for a part that was never measured at its full size */
export function keptResult(part: string, where = folder): Result | undefined {
  const file = fileOf(part, where);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;
}
