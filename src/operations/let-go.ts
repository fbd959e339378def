import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Plan } from '../domain/plan.ts';
import type { RestoreOutputs } from '../domain/restore.ts';
import { type OperationState, stepState } from '../domain/state.ts';
import { letGoOf } from '../steps/kubernetes/let-go.ts';
import { stopApplicationInput } from '../steps/kubernetes/stop-application.ts';
import { inputOf } from '../steps/step-input.ts';

/** A restore or a rollback that people gave up holds its workloads from the order to stop on; before that there is nothing to let go. */
export async function letGo(
  { cluster }: { readonly cluster: Kubernetes },
  state: OperationState,
  plan: Plan,
  signal: AbortSignal,
): Promise<void> {
  const noted = stepState(state, 'record-application')?.output as RestoreOutputs['record-application'] | undefined;
  const planned = plan.bound.steps.find(({ id }) => id === 'stop-application');
  if (!stepState(state, 'stop-application') || !noted || !planned) return;
  const { takesOver } = inputOf(stopApplicationInput, planned.input);
  await letGoOf(cluster, noted, { operation: state.id, epoch: state.epoch, signal }, takesOver);
}
