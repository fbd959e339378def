import type { Import, Source } from './sources.ts';
import { confined, endsProcess, longestFile, publicEntry, readsEnvironment, table } from './table.ts';

/** What breaks a rule, as `file:line: what`. */
export type Violations = readonly string[];

const isTest = (path: string) => /\.(test|fixture)\.ts$/.test(path);
const isProduct = ({ path }: Source) => path.startsWith('src/') && !isTest(path);
const below = (path: string, place: string) => path === `src/${place}` || path.startsWith(`src/${place}/`);
const at = ({ path }: Source, line: number) => `${path}:${line}`;

/** The part of the table that a file belongs to: the longest name that fits. */
function partOf(path: string): string | undefined {
  if (/^src\/compose-[a-z-]+\.ts$/.test(path)) return 'compose.ts';
  return Object.keys(table)
    .filter((part) => below(path, part))
    .sort((a, b) => b.length - a.length)[0];
}

export function breaksTable(sources: readonly Source[]): Violations {
  return sources.filter(isProduct).flatMap((source) => {
    const part = partOf(source.path);
    if (!part) return [`${source.path}: this folder is not in the table`];
    return source.imports.filter(({ inside }) => inside).flatMap((one) => forbidden(source, part, one));
  });
}

function forbidden(source: Source, part: string, one: Import): Violations {
  const { target, typeOnly, line } = one;
  if (!target.startsWith('src/')) return [`${at(source, line)}: imports ${target}, which is no part of the product`];
  if (isTest(target)) return [`${at(source, line)}: imports ${target}, which is there for tests`];
  const sibling = siblingOperation(source.path, target);
  if (sibling) return [`${at(source, line)}: imports from the operation ${sibling}`];
  const allowed = table[part];
  const own = partOf(target) === part;
  if (own || allowed === undefined || allowed === 'anything') return [];
  const mayHave = allowed.some((each) => {
    const place = typeof each === 'string' ? each : each.typeOf;
    // `slack` stands for itself, not for `slack/views`, which has a line of its own.
    return below(target, place) && partOf(target) === partOf(`src/${place}`) && (typeof each === 'string' || typeOnly);
  });
  return mayHave ? [] : [`${at(source, line)}: ${part} may not import ${target}${typeOnly ? ' (its types)' : ''}`];
}

function siblingOperation(from: string, target: string): string | undefined {
  const operation = (path: string) => /^src\/operations\/([^/]+)\//.exec(path)?.[1];
  const [own, other] = [operation(from), operation(target)];
  return own && other && own !== other ? other : undefined;
}

export function leavesItsPlace(sources: readonly Source[]): Violations {
  return sources.filter(isProduct).flatMap((source) =>
    source.imports.flatMap(({ target, inside, line }) => {
      const rule = inside ? undefined : confined.find(({ packages }) => packages.test(target));
      if (!rule || rule.places.some((place) => below(source.path, place))) return [];
      return [`${at(source, line)}: ${target} belongs into ${rule.places.join(' and ')}`];
    }),
  );
}

/** A production file may only import what is installed in production. */
export function isNotInstalled(sources: readonly Source[], dependencies: readonly string[]): Violations {
  return sources.filter(isProduct).flatMap((source) =>
    source.imports.flatMap(({ target, inside, line }) => {
      const name = target.split('/', target.startsWith('@') ? 2 : 1).join('/');
      const there = inside || target.startsWith('node:') || dependencies.includes(name);
      return there ? [] : [`${at(source, line)}: ${name} is no dependency in package.json`];
    }),
  );
}

export function knowsThePitcrew(sources: readonly Source[]): Violations {
  return sources
    .filter(({ path }) => path.startsWith('sandbox/') && !isTest(path))
    .flatMap((source) =>
      source.imports
        .filter(({ target }) => target.startsWith('src/') && !publicEntry.includes(target))
        .map(({ target, line }) => `${at(source, line)}: the sandbox may not import ${target}`),
    );
}

/** What measures stands on everything, and nothing stands on it. */
export function knowsTheBench(sources: readonly Source[]): Violations {
  return sources
    .filter(({ path }) => !path.startsWith('bench/'))
    .flatMap((source) =>
      source.imports
        .filter(({ target }) => target.startsWith('bench/'))
        .map(({ target, line }) => `${at(source, line)}: imports ${target}, which only measures`),
    );
}

/** Cycles of imports that are there when it runs; types are erased. Each is told once, from its first file. */
export function cycles(sources: readonly Source[]): Violations {
  const next = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.filter(({ inside, typeOnly }) => inside && !typeOnly).map(({ target }) => target),
    ]),
  );
  const finished = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    const start = above.indexOf(path);
    if (start >= 0) found.push([...above.slice(start), path].join(' -> '));
    if (start >= 0 || finished.has(path)) return;
    for (const target of next.get(path) ?? []) visit(target, [...above, path]);
    finished.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}

export function touchesTheProcess(sources: readonly Source[]): Violations {
  const places = { 'process.exit': endsProcess, 'process.env': readsEnvironment } as const;
  return sources.filter(isProduct).flatMap((source) => [
    ...source.traits.flatMap(({ trait, line }) => {
      if (trait !== 'process.exit' && trait !== 'process.env') return [];
      return places[trait].some((place) => below(source.path, place)) ? [] : [`${at(source, line)}: ${trait}`];
    }),
    // `import { env } from 'node:process'` would be the same by another name.
    ...source.imports
      .filter(({ target }) => /^(node:)?process$/.test(target))
      .map(({ line }) => `${at(source, line)}: imports node:process`),
  ]);
}

export function breaksStyle(sources: readonly Source[]): Violations {
  const banned = ['any', 'enum', 'default export', 'namespace'];
  return sources.flatMap((source) => [
    ...(source.lines > longestFile ? [`${source.path}: ${source.lines} lines`] : []),
    ...source.traits
      .filter(({ trait }) => banned.includes(trait))
      .map(({ trait, line }) => `${at(source, line)}: ${trait}`),
  ]);
}
