import { z } from 'zod';
import { closest } from '../domain/closest.ts';
import { expected } from '../messages/config-expected.ts';
import { type Fault, found, problem } from './fault.ts';

type Path = readonly PropertyKey[];

/** A finding of the schema as faults that a person can act on. */
export function explain(schema: z.ZodType, issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownOption(schema, [...issue.path, key], issue.path));
  const path = written(issue.path);
  if (issue.code === 'invalid_key') {
    const { expected: wanted = expected.environmentName, example = '' } = metaOf(
      keysAt(schema, issue.path.slice(0, -1)),
    );
    return [{ path, problem: problem('wrong-name', { expected: wanted }), example }];
  }
  const { input } = issue;
  const { expected: wanted = expected.options, example = '' } = metaOf(steps(schema, issue.path));
  if (input === undefined) return [{ path, problem: problem('missing', { expected: wanted }), example }];
  return [{ path, problem: problem('wrong-value', { found: found(input), expected: wanted }), example }];
}

function unknownOption(schema: z.ZodType, at: Path, parent: Path): Fault {
  const known = [...steps(schema, parent)].flatMap((node) =>
    node instanceof z.ZodObject ? Object.keys(node.shape) : [],
  );
  const [near] = closest(String(at.at(-1)), known);
  const params = near === undefined ? { known } : { near, known };
  return { path: written(at), problem: problem('unknown-option', params), example: near ?? '' };
}

/** `environments.production.workloads[0].namespace` */
export function written(path: Path): string {
  if (path.length === 0) return 'pitcrew.yaml';
  return path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before ? `${before}.${String(part)}` : String(part);
  }, '');
}

/** What the schema says of an option: its own words, else those of what it wraps. */
function metaOf(nodes: Iterable<z.ZodType>): z.core.GlobalMeta {
  for (const node of nodes) {
    const meta = z.globalRegistry.get(node);
    if (meta) return meta;
  }
  return {};
}

function keysAt(schema: z.ZodType, path: Path): z.ZodType[] {
  return [...steps(schema, path)].flatMap((node) => (node instanceof z.ZodRecord ? [node.keyType as z.ZodType] : []));
}

/** The schema at a path, from its outermost wrapper (default, optional) to the innermost. */
function* steps(schema: z.ZodType, path: Path): Generator<z.ZodType> {
  const [first, ...rest] = path;
  for (let node: unknown = schema; node instanceof z.ZodType; node = unwrapped(node)) {
    if (first === undefined) yield node;
    else {
      const child = childOf(node, first);
      if (child) return yield* steps(child, rest);
    }
  }
}

function unwrapped(node: z.ZodType): unknown {
  const wraps = node instanceof z.ZodDefault || node instanceof z.ZodPrefault || node instanceof z.ZodExactOptional;
  return wraps ? node.unwrap() : undefined;
}

function childOf(node: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (node instanceof z.ZodObject) return Object.hasOwn(node.shape, key) ? node.shape[String(key)] : undefined;
  if (node instanceof z.ZodArray) return node.element as z.ZodType;
  if (node instanceof z.ZodRecord) return node.valueType as z.ZodType;
  return undefined;
}
