import type { JsonObject } from '../domain/json.ts';
import type { PlannedStep } from '../domain/plan.ts';

/** Which step waits for which. Steps that may run side by side go on in the order of the list. */
export type StepGraph<Id extends string> = readonly (readonly [step: Id, after: readonly Id[]])[];

/** The steps of a plan but for those that are left out: who would wait for one of these waits for what it would have waited for. */
export function stepsOf<Id extends string>(
  graph: StepGraph<Id>,
  inputs: Readonly<Record<Id, JsonObject>>,
  left: ReadonlySet<Id>,
): readonly (PlannedStep & { readonly id: Id })[] {
  const awaited = (after: readonly Id[]): readonly Id[] => [
    ...new Set(after.flatMap((one) => (left.has(one) ? awaited(graph.find(([id]) => id === one)?.[1] ?? []) : [one]))),
  ];
  return graph.filter(([id]) => !left.has(id)).map(([id, after]) => ({ id, after: awaited(after), input: inputs[id] }));
}

/** Steps one after another, each waiting for the one before it. */
export const inTurn = <Id extends string>(ids: readonly Id[], inputs: Readonly<Record<Id, JsonObject>>) =>
  ids.map((id, at): PlannedStep & { readonly id: Id } => ({
    id,
    after: ids.slice(Math.max(0, at - 1), at),
    input: inputs[id],
  }));
