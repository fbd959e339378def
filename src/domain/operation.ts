import type { EventData, ServiceState } from './events.ts';
import type { Plan } from './plan.ts';
import type { OperationState } from './state.ts';
import type { StepSet } from './step.ts';

/** What a planner is given: the request as event 0 has it. It only reads. */
export interface PlanRequest extends EventData<'requested'> {
  readonly operationId: string;
  readonly requestedAt: string;
}

/** One operation with its clients wired in: what the engine needs of it, and nothing of how it does it. */
export interface RunnableOperation {
  readonly name: string;
  /** Only reads. @throws PitcrewError when the request can't be planned: told to the requester, nothing started */
  plan(request: PlanRequest, signal: AbortSignal): Promise<Plan>;
  readonly steps: StepSet;
  /**
   * Closes what this operation still holds outside, so that no worker of it that slept can change anything any more. Done
   * twice it is done once; it stops and starts nothing. Absent where nothing is held.
   */
  letGo?(state: OperationState, plan: Plan, signal: AbortSignal): Promise<void>;
  /** Which of the four states the service is in, told from what the chain says was done and undone. */
  service(state: OperationState): ServiceState;
}
