// Measures the budgets. usage: npm run bench [-- <part> …] [--list] [--quick] [--json] [--rounds <n>] [--page]
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parts } from './parts.ts';
import { thisMachine } from './runner/machine.ts';
import { amount, pageOf, verdict } from './runner/page.ts';
import type { Bench, Part } from './runner/part.ts';
import { keepResult, keptResult, type Result } from './runner/results.ts';
import { spreadOf } from './runner/statistics.ts';

const { values: wanted, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
});

const stopped = new AbortController();
const say = (line: string) => console.error(line);

/** Runs one part and cleans up after it, however it ends. */
async function measure(part: Part): Promise<Result> {
  const cleaning: (() => Promise<void> | void)[] = [];
  const machine = thisMachine();
  const at = new Date().toISOString();
  const fromMs = performance.now();
  const bench: Bench = {
    quick: wanted.quick,
    rounds: wanted.rounds === undefined ? undefined : Number(wanted.rounds),
    signal: stopped.signal,
    say: (line) => say(`  ${((performance.now() - fromMs) / 1000).toFixed(0).padStart(4)} s  ${line}`),
    atEnd: (clean) => void cleaning.push(clean),
  };
  try {
    const findings = await part.run(bench);
    const tookSeconds = Math.round((performance.now() - fromMs) / 1000);
    return { part: part.name, at, tookSeconds, quick: wanted.quick, machine, ...findings };
  } finally {
    for (const clean of cleaning.toReversed()) await Promise.resolve(clean()).catch((error) => say(String(error)));
  }
}

function tell({ measured, facts }: Result): void {
  for (const line of measured) {
    const { what, unit, samples, budget, note } = line;
    const spread = samples && samples.length > 0 ? spreadOf(samples) : undefined;
    const found = spread
      ? `${amount(spread.median, unit)} (${amount(spread.min, unit)} … ${amount(spread.max, unit)}, n ${spread.n})`
      : '–';
    const limit = budget ? `  budget ${budget.is} ${amount(budget.value, unit)}: ${verdict(line)}` : '';
    console.log(`  ${what}: ${found}${limit}${note ? `  (${note})` : ''}`);
  }
  for (const fact of facts) console.log(`  · ${fact}`);
}

function list(): number {
  for (const { name, title, minutes } of parts)
    console.log(`${name.padEnd(13)} ${String(minutes.full).padStart(3)} min, quick ${minutes.quick} min  ${title}`);
  return 0;
}

function writePage(): number {
  const file = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
  writeFileSync(
    file,
    pageOf(parts, (name) => keptResult(name)),
  );
  say(`written: ${file}`);
  return 0;
}

/** What only shows that it runs is told and not kept: the page is for what was found at full size. */
async function run(chosen: readonly Part[]): Promise<number> {
  const results: Result[] = [];
  let failed = 0;
  for (const part of chosen) {
    if (stopped.signal.aborted) break;
    say(`${part.name}: ${part.title}`);
    try {
      const result = await measure(part);
      results.push(result);
      if (!wanted.json) tell(result);
      if (!wanted.quick) keepResult(result);
    } catch (error) {
      if (!stopped.signal.aborted) console.error(error);
      failed++;
    }
  }
  if (wanted.json) console.log(JSON.stringify(results, null, 2));
  if (!wanted.quick && results.length > 0) writePage();
  return stopped.signal.aborted ? 130 : failed > 0 ? 1 : 0;
}

function choose(): readonly Part[] | undefined {
  const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0)
    say(`There is no part ${unknown.join(', ')}. There are: ${parts.map(({ name }) => name).join(', ')}.`);
  if (wanted.rounds !== undefined && !/^[1-9]\d{0,3}$/.test(wanted.rounds)) {
    say('--rounds is a number from 1 on.');
    return undefined;
  }
  if (unknown.length > 0) return undefined;
  return positionals.length === 0 ? parts : parts.filter(({ name }) => positionals.includes(name));
}

process.on('SIGINT', () => {
  // The second time is for those who can't wait: the reapers end what is left.
  if (stopped.signal.aborted) process.exit(130);
  say('Stopping: what was started is ended and removed …');
  stopped.abort(new Error('stopped'));
});

const chosen = choose();
process.exit(!chosen ? 2 : wanted.list ? list() : wanted.page ? writePage() : await run(chosen));
