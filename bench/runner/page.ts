import { isKept, type Measured, type Part } from './part.ts';
import type { Result } from './results.ts';
import { spreadOf } from './statistics.ts';

const head = `# Performance

Written by \`npm run bench\` from \`bench/results\`; don't edit it. [bench/README.md](../bench/README.md) says how to run it.

Everything is set side by side and measured by turns in one run, with real PostgreSQL servers, \`pg_dump\`, \`pg_restore\` and
Redis, and the sandbox’s S3, RDS, Kubernetes and Slack. A number is the median over n rounds, with the smallest and the
largest; a ratio is taken within a round. Times by themselves mean little on another machine: hold ratios against ratios.
A budget that is missed says so.
`;

/** docs/performance.md, from what was kept of each part. */
export function pageOf(parts: readonly Part[], resultOf: (part: string) => Result | undefined): string {
  const results = parts.map((part) => [part, resultOf(part.name)] as const);
  return `${[head, summary(results), ...results.map(([part, result]) => section(part, result))].join('\n').trimEnd()}\n`;
}

type Row = readonly [Part, Result | undefined];

function summary(results: readonly Row[]): string {
  const lines = results.flatMap(([, result]) => result?.measured ?? []).filter(({ budget }) => budget);
  const kept = lines.filter((line) => verdict(line) === 'kept').length;
  const missed = lines.filter((line) => verdict(line) === 'missed');
  const open = lines.length - kept - missed.length;
  const without = results.filter(([, result]) => !result).map(([{ name }]) => `\`${name}\``);
  return [
    `Budgets: ${kept} kept, ${missed.length} missed, ${open} not measured${without.length > 0 ? `; not run yet: ${without.join(', ')}` : ''}.`,
    ...missed.map(({ what }) => `- missed: ${what}`),
    '',
  ].join('\n');
}

function section({ name, title, how }: Part, result: Result | undefined): string {
  const top = `## ${title}\n\n${how}\n`;
  if (!result) return `${top}\nNot measured yet: \`npm run bench -- ${name}\`.\n`;
  const { cpu, cores, memoryGb, node, postgres, redis, load, commit } = result.machine;
  const rows = result.measured.map((line) => cells(line));
  const table = tableOf([['what', 'median', 'min', 'max', 'n', 'budget', ''], ...rows]);
  const notes = result.measured.flatMap(({ what, note }) => (note ? [`- ${what}: ${note}`] : []));
  const facts = result.facts.map((fact) => `- ${fact}`);
  const sizes = result.quick ? ' **At small sizes: this says that it runs, not how fast.**' : '';
  const where = `${result.at.slice(0, 16).replace('T', ' ')} UTC, ${minutes(result.tookSeconds)}; ${cpu}, ${cores} cores, ${memoryGb} GB, load ${load} at its begin; Node ${node}, PostgreSQL ${postgres}, Redis ${redis}; ${commit}.${sizes}`;
  return `${[top, table, '', ...notes, ...facts, ...(notes.length + facts.length > 0 ? [''] : []), where].join('\n')}\n`;
}

const minutes = (seconds: number) => (seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`);

export type Verdict = 'kept' | 'missed' | 'not measured' | '';

export function verdict({ samples, budget }: Measured): Verdict {
  if (!samples || samples.length === 0) return 'not measured';
  if (!budget) return '';
  return isKept(budget, spreadOf(samples)) ? 'kept' : 'missed';
}

function cells(line: Measured): readonly string[] {
  const { what, unit, samples, budget } = line;
  const limit = budget ? `${budget.is} ${amount(budget.value, unit)}${budget.of === 'max' ? ' at most' : ''}` : '';
  const told = verdict(line);
  const mark = told === 'missed' ? '**missed**' : told;
  if (!samples || samples.length === 0) return [what, '–', '–', '–', '0', limit, mark];
  const { median, min, max, n } = spreadOf(samples);
  return [what, amount(median, unit), amount(min, unit), amount(max, unit), String(n), limit, mark];
}

/** Three digits that mean something, and the unit. */
export function amount(value: number, unit: string): string {
  const size = Math.abs(value);
  const digits = size === 0 || size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = size >= 1e6 ? value.toExponential(1).replace('e+', '×10^') : value.toFixed(digits);
  return unit === '' ? text : unit === '×' ? `${text}${unit}` : `${text} ${unit}`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => [...(row[column] ?? '')].length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '') + ' '.repeat(width - [...(row[column] ?? '')].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [top = [], ...rest] = rows;
  return [line(top), rule, ...rest.map(line)].join('\n');
}
