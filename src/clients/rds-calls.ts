import { permanent } from '../domain/errors.ts';
import { translated, wireCode } from './aws-errors.ts';

/** One call; undefined when RDS answers with the one code that is no failure here. */
export async function call<T>(
  action: string,
  on: string,
  expected: string | undefined,
  send: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (expected !== undefined && wireCode(error) === expected) return undefined;
    throw translated(error, { action: `rds:${action}`, on });
  }
}

export async function pages<T>(
  action: string,
  on: string,
  read: (marker: string | undefined) => Promise<readonly [readonly T[] | undefined, string | undefined]>,
  expected?: string,
): Promise<readonly T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const page = await call(action, on, expected, () => read(marker));
    all.push(...(page?.[0] ?? []));
    marker = page?.[1];
  } while (marker);
  return all;
}

/** What an answer must have. */
export function given<T>(action: string, value: T | undefined): T {
  if (value === undefined) throw permanent('aws.refused', { action: `rds:${action}`, code: 'EmptyAnswer' });
  return value;
}
