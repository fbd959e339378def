import { userError } from '../../domain/errors.ts';
import type { OwnInstanceOutputs } from '../../domain/own-instance.ts';
import type { RestoreOrder } from '../../domain/plan.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import type { StepGraph } from '../../planning/step-graph.ts';

// The two orders of a restore: which step waits for which. Steps whose forerunners are done run side by side, and those
// that end in the same round in the order of the list.

export type StepId = keyof (RestoreOutputs & OwnInstanceOutputs);
export type Graph = StepGraph<StepId>;

/** The runbook's: the stop and the restore run side by side, and nothing is switched before both are proven. */
const stopFirst: Graph = [
  ['record-application', []],
  ['stop-application', ['record-application']],
  ['prove-stopped', ['stop-application']],
  ['watch-stopped', ['prove-stopped']],
  ['rescue-snapshot', ['prove-stopped']],
  ['await-log', ['prove-stopped']],
  ['restore-instance', []],
  ['await-instance', ['restore-instance']],
  ['align-instance', ['await-instance']],
  ['prove-aligned', ['align-instance']],
  ['align-login', ['prove-aligned']],
  ['verify-database', ['align-login', 'prove-stopped']],
  ['start-check-job', ['align-login']],
  ['await-check-job', ['start-check-job']],
  ['judge-verification', ['verify-database', 'await-check-job']],
  ['measure-loss', ['judge-verification']],
  ['switch-secret', ['measure-loss', 'watch-stopped']],
  ['start-application', ['switch-secret']],
  ['prove-on-new', ['start-application']],
  ['fence-old', ['prove-on-new']],
  ['hand-over', ['fence-old', 'rescue-snapshot']],
  // Beside the hand-over, and behind it in the list: what has long to do must not keep the rest waiting.
  ['verify-deeply', ['fence-old']],
];

/** The service is down for a stop, a switch and a start; whatever can be done before that or after it is. */
const restoreFirst: Graph = [
  ['restore-instance', []],
  ['await-instance', ['restore-instance']],
  ['align-instance', ['await-instance']],
  ['prove-aligned', ['align-instance']],
  ['align-login', ['prove-aligned']],
  ['verify-database', ['align-login']],
  ['start-check-job', ['align-login']],
  ['await-check-job', ['start-check-job']],
  ['judge-verification', ['verify-database', 'await-check-job']],
  ['compare', ['judge-verification']],
  ['approve-cut-over', ['compare']],
  // As it runs by then: hours may have passed while people decided.
  ['record-application', ['approve-cut-over']],
  ['stop-application', ['record-application']],
  ['prove-stopped', ['stop-application']],
  ['prove-unwritten', ['prove-stopped']],
  ['measure-loss', ['prove-unwritten']],
  // Behind the last thing that is measured, so that its last look is of the same round and nobody waits for it.
  ['watch-stopped', ['prove-stopped']],
  ['switch-secret', ['measure-loss', 'watch-stopped']],
  ['start-application', ['switch-secret']],
  // Nothing writes to the old instance any more: its snapshot need not be in the way of the start.
  ['rescue-snapshot', ['start-application']],
  ['prove-on-new', ['start-application']],
  ['fence-old', ['prove-on-new']],
  ['hand-over', ['fence-old', 'rescue-snapshot']],
  ['verify-deeply', ['fence-old']],
];

export const graphs: Readonly<Record<RestoreOrder, Graph>> = {
  'stop-first': stopFirst,
  'restore-first': restoreFirst,
};

/**
 * As asked, else as the config says; but what doesn't run can't serve meanwhile nor be compared with, and the latest
 * moment is known only once nothing writes any more.
 * @param point null: the latest moment
 * @throws PitcrewError `restore.nothing-serves`, `pitr.latest-stops-first` where the other order was asked for
 */
export function orderOf(
  asked: RestoreOrder | undefined,
  configured: RestoreOrder,
  { runs, point }: { readonly runs: boolean; readonly point: string | null },
): RestoreOrder {
  if (runs && point !== null) return asked ?? configured;
  if (asked === 'restore-first') throw userError(runs ? 'pitr.latest-stops-first' : 'restore.nothing-serves');
  return 'stop-first';
}
