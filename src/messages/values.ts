import type { Recorded } from './text.ts';

/** A parameter as text; `?` where the ledger has none, so that a text is never broken by what is missing. */
export function word(params: Recorded, name: string): string {
  const value = params[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '?';
}

/** A parameter that lists names; empty when it is none. */
export function words(params: Recorded, name: string): readonly string[] {
  const value = params[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** ` Did you mean "a" or "b"?`, or nothing when nothing is near. */
export function didYouMean(params: Recorded): string {
  const near = words(params, 'closest').map((name) => `"${name}"`);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}

export function didYouMeanChinese(params: Recorded): string {
  const near = words(params, 'closest').map((name) => `「${name}」`);
  return near.length === 0 ? '' : `你是不是要打${near.join('或')}？`;
}
