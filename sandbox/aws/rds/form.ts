import type { IncomingMessage } from 'node:http';
import { invalidValue, RdsError } from './errors.ts';

/**
 * The parameters of one AWS Query request. Lists arrive as `Name.member.1` or `Name.<item>.1`, structures as
 * `Name.Field`; an empty list as `Name=` alone.
 */
export interface Form {
  /** The top-level names that were sent. */
  readonly names: readonly string[];
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  instant(name: string): Date | undefined;
  list(name: string): readonly string[] | undefined;
  records(name: string): readonly Form[] | undefined;
  structure(name: string): Form;
  /** @throws RdsError MissingParameter */
  required(name: string): string;
}

/** Largest request that is read; the real service's limit is of this order. */
const maximumBytes = 1 << 20;

export async function readForm(request: IncomingMessage): Promise<Form> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maximumBytes) throw invalidValue('The request is too large.');
    chunks.push(chunk);
  }
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  // Botocore sends everything in the body; the protocol allows the query string as well.
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  return createForm(new Map([...query, ...form]));
}

export function createForm(values: ReadonlyMap<string, string>): Form {
  const read = <T>(name: string, parse: (text: string) => T | undefined, kind: string): T | undefined => {
    const text = values.get(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) throw invalidValue(`Invalid value ${text} for ${name}: expected ${kind}.`);
    return value;
  };
  return {
    names: [...new Set([...values.keys()].map((key) => key.split('.')[0] ?? key))],
    text: (name) => values.get(name),
    integer: (name) => read(name, (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined), 'an integer'),
    flag: (name) => read(name, parseFlag, 'true or false'),
    instant: (name) => read(name, parseInstant, 'an ISO 8601 timestamp'),
    list: (name) => numbered(values, name)?.flatMap((item) => item.get('') ?? []),
    records: (name) => numbered(values, name)?.map(createForm),
    structure: (name) => createForm(below(values, `${name}.`)),
    required(name) {
      const text = values.get(name);
      if (!text) throw new RdsError('MissingParameter', `The request must contain the parameter ${name}.`);
      return text;
    },
  };
}

/** The items of a list in the order of their numbers; an item's own value has the key ''. */
function numbered(values: ReadonlyMap<string, string>, name: string): Map<string, string>[] | undefined {
  const items = new Map<number, Map<string, string>>();
  for (const [key, value] of below(values, `${name}.`)) {
    const [, index, rest = ''] = /^[^.]+\.(\d+)(?:\.(.+))?$/.exec(key) ?? [];
    if (index === undefined) continue;
    const item = items.get(Number(index)) ?? new Map<string, string>();
    items.set(Number(index), item.set(rest, value));
  }
  if (items.size === 0 && !values.has(name)) return undefined;
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
}

const below = (values: ReadonlyMap<string, string>, prefix: string) =>
  new Map(
    [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );

const parseFlag = (text: string) => ({ true: true, false: false })[text.toLowerCase()];

function parseInstant(text: string): Date | undefined {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
