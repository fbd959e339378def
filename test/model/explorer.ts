/** One thing that can happen next. */
export interface Choice {
  readonly label: string;
  take(): void;
}

/** A world that is driven by choices alone: the same choices always lead to the same state. */
export interface World {
  /** Lets everybody run until all wait for something that is a choice. */
  settle(): Promise<void>;
  /** Everything that can decide what happens from here on. */
  key(): string;
  choices(): readonly Choice[];
  /** Properties that don't hold in this state; `ended`: nothing can happen any more. */
  broken(ended: boolean): readonly string[];
}

export interface Exploration {
  readonly states: number;
  /** Ways that were followed to their end or to a state that was known already. */
  readonly traces: number;
  /** True when every reachable state within the bounds of the scenario was seen. */
  readonly complete: boolean;
  readonly longest: number;
  readonly found?: { readonly properties: readonly string[]; readonly trace: readonly string[] };
}

interface Bounds {
  readonly maxStates: number;
  /** `breadth` finds a shortest trace; `mixed` reaches far in a space that is too large to be seen whole. */
  readonly order: 'mixed' | 'breadth';
}

/**
 * Stateless model checking: every way is run from the start over the real code, prefixes of choices are replayed, and a
 * state that was seen before is not gone on from. Stops at the first property that doesn't hold.
 */
export async function explore(create: () => World, { maxStates, order }: Bounds): Promise<Exploration> {
  const seen = new Set<string>();
  const open: number[][] = [[]];
  const below = dice();
  let oldest = 0;
  let traces = 0;
  let longest = 0;
  const result = (complete: boolean) => ({ states: seen.size, traces, complete, longest });
  const next = () => (order === 'breadth' ? (open[oldest++] ?? []) : takeAny(open, below));
  while (oldest < open.length) {
    if (seen.size >= maxStates) return result(false);
    const path = [...next()];
    const world = create();
    const trace = await replay(world, path);
    for (;;) {
      const key = world.key();
      if (seen.has(key)) break;
      seen.add(key);
      longest = Math.max(longest, trace.length);
      const choices = world.choices();
      const properties = world.broken(choices.length === 0);
      if (properties.length > 0) return { ...result(false), found: { properties, trace } };
      const on = order === 'breadth' ? -1 : below(choices.length);
      choices.forEach((_, index) => {
        if (index !== on) open.push([...path, index]);
      });
      const choice = choices[on];
      if (!choice) break;
      trace.push(choice.label);
      path.push(on);
      choice.take();
      await world.settle();
    }
    traces++;
  }
  return result(true);
}

async function replay(world: World, path: readonly number[]): Promise<string[]> {
  const trace: string[] = [];
  await world.settle();
  for (const index of path) {
    const choice = world.choices()[index];
    if (!choice) throw new Error(`not deterministic: choice ${index} is gone after\n${trace.join('\n')}`);
    trace.push(choice.label);
    choice.take();
    await world.settle();
  }
  return trace;
}

function takeAny(open: number[][], below: (bound: number) => number): number[] {
  const at = below(open.length);
  const last = open.pop() ?? [];
  if (at >= open.length) return last;
  const taken = open[at] ?? [];
  open[at] = last;
  return taken;
}

/** The same throws in every run of the test (xorshift32). */
function dice(): (bound: number) => number {
  let x = 0x9e3779b9;
  return (bound) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return bound === 0 ? 0 : (x >>> 0) % bound;
  };
}
