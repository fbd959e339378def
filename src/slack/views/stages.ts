import type { PlannedStep } from '../../domain/plan.ts';

/** A stretch of a plan: steps one after another, or branches that run side by side. */
export type Stage =
  | { readonly kind: 'serial'; readonly steps: readonly string[] }
  | { readonly kind: 'side-by-side'; readonly branches: readonly (readonly string[])[] };

type Order = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Divides a plan into what runs alone and what runs side by side. A step that comes before or after every other one is
 * a place where all branches meet; between two of those, steps that are bound to each other form a branch.
 */
export function stagesOf(steps: readonly PlannedStep[]): readonly Stage[] {
  const before = forerunners(steps);
  const ordered = (a: string, b: string) => before.get(a)?.has(b) || before.get(b)?.has(a);
  const stages: Stage[] = [];
  let open: string[] = [];
  let serial: string[] = [];
  const endBranches = () => {
    if (open.length > 0) stages.push({ kind: 'side-by-side', branches: branchesOf(open, ordered) });
    open = [];
  };
  const endSerial = () => {
    if (serial.length > 0) stages.push({ kind: 'serial', steps: serial });
    serial = [];
  };
  for (const id of inOrder(steps, before)) {
    if (steps.every((other) => other.id === id || ordered(other.id, id))) {
      endBranches();
      serial.push(id);
    } else {
      endSerial();
      open.push(id);
    }
  }
  endBranches();
  endSerial();
  return stages;
}

/** Every step with all that must be done before it. */
function forerunners(steps: readonly PlannedStep[]): Order {
  const direct = new Map(steps.map(({ id, after }) => [id, after]));
  const all = new Map<string, Set<string>>();
  for (const { id } of steps) {
    const found = new Set<string>();
    const look = [...(direct.get(id) ?? [])];
    for (let one = look.pop(); one !== undefined; one = look.pop()) {
      if (found.has(one)) continue;
      found.add(one);
      look.push(...(direct.get(one) ?? []));
    }
    all.set(id, found);
  }
  return all;
}

/** As the plan lists them where it may; fewer forerunners first. */
function inOrder(steps: readonly PlannedStep[], before: Order): readonly string[] {
  const rank = (id: string) => before.get(id)?.size ?? 0;
  return steps.map(({ id }) => id).sort((a, b) => rank(a) - rank(b));
}

function branchesOf(ids: readonly string[], ordered: (a: string, b: string) => boolean | undefined): string[][] {
  const branches: string[][] = [];
  for (const id of ids) {
    const bound = branches.filter((branch) => branch.some((one) => ordered(one, id)));
    const joined = [...bound.flat(), id];
    const kept = branches.filter((branch) => !bound.includes(branch));
    branches.splice(
      0,
      branches.length,
      ...kept,
      ids.filter((one) => joined.includes(one)),
    );
  }
  // The branch that was begun first stands first.
  return branches.sort((a, b) => ids.indexOf(a[0] ?? '') - ids.indexOf(b[0] ?? ''));
}
