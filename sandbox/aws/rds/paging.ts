import { invalidValue } from './errors.ts';
import type { Form } from './form.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly marker: string | undefined;
}

/**
 * One page of `all` in the order of their keys, as `MaxRecords` (20 to 100, 100 by default) and `Marker` ask. The
 * marker is the last key shown, so items that come or go between two pages neither repeat nor hide others.
 */
export function page<T>(form: Form, all: Iterable<T>, key: (item: T) => string): Page<T> {
  const most = form.integer('MaxRecords') ?? 100;
  if (most < 20 || most > 100) throw invalidValue(`Invalid value ${most} for MaxRecords. Must be between 20 and 100`);
  const after = form.text('Marker') ? decode(form.text('Marker') ?? '') : undefined;
  const rest = [...all]
    .map((item) => ({ item, key: key(item) }))
    .filter((entry) => after === undefined || entry.key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const shown = rest.slice(0, most);
  const last = shown.at(-1);
  return {
    items: shown.map(({ item }) => item),
    marker: rest.length > shown.length && last ? encode(last.key) : undefined,
  };
}

const encode = (key: string) => Buffer.from(`after:${key}`).toString('base64url');

function decode(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  if (!text.startsWith('after:')) throw invalidValue('The marker is invalid.');
  return text.slice('after:'.length);
}

export const pagingNames = ['MaxRecords', 'Marker'] as const;

/** The values of each filter that was sent; several values are alternatives, several filters must all hold. */
export function readFilters(form: Form, known: readonly string[]): (name: string, value: string) => boolean {
  const filters = (form.records('Filters') ?? []).map((filter) => ({
    name: filter.required('Name'),
    values: filter.list('Values') ?? [],
  }));
  const unknown = filters.find(({ name }) => !known.includes(name));
  if (unknown) throw invalidValue(`Unrecognized filter name: ${unknown.name}`);
  return (name, value) => filters.every((filter) => filter.name !== name || filter.values.includes(value));
}
