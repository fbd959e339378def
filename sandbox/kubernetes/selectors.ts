import type { KubeObject, LabelSelector } from './objects.ts';
import { badRequest } from './status.ts';

export type Matcher = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;

/** A selector object, of a Deployment say. An empty one matches everything, as the API defines. */
export function matchesSelector(selector: LabelSelector, labels: Labels = {}): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    equal &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      return value === undefined || !values.includes(value);
    })
  );
}

/** The `labelSelector` of a query: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */
export function parseLabelSelector(text: string): (labels: Labels | undefined) => boolean {
  const requirements = (text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map((part) => requirement(part.trim()));
  return (labels = {}) => requirements.every((holds) => holds(labels));
}

function requirement(part: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const comparison = /^([^!=\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(part);
  if (comparison) {
    const [, key = '', operator, value] = comparison;
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const key = part.replace(/^!\s*/, '');
  if (!/^[\w./-]+$/.test(key)) throw badRequest(`unable to parse requirement: found '${part}'`);
  return part.startsWith('!') ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
}

/** The `fieldSelector` of a query: `metadata.name=x,status.phase!=Running`. */
export function parseFieldSelector(text: string): Matcher {
  const requirements = text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const match = /^([\w.[\]]+)(==|=|!=)(.*)$/.exec(part);
      if (!match) throw badRequest(`invalid field selector: ${part}`);
      const [, path = '', operator, value = ''] = match;
      return (object: KubeObject) => (fieldText(object, path) === value) === (operator !== '!=');
    });
  return (object) => requirements.every((holds) => holds(object));
}

function fieldText(object: unknown, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }
  return value === undefined || value === null ? '' : String(value);
}

/** Both selectors of a query as one test. */
export function queryMatcher(query: URLSearchParams): Matcher {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  return (object) => labels(object.metadata.labels) && fields(object);
}
