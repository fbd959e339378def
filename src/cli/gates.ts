import type { Gate } from '../domain/events.ts';
import type { OperationState } from '../domain/state.ts';
import { gateOf, type StepGateName } from '../domain/step-gates.ts';
import type { Instant } from '../domain/time.ts';

interface GateHere {
  /** What a word at it must name; absent before anybody was asked. */
  digest(state: OperationState): string | undefined;
  /** Whether a word can still change anything. What is late is the ledger's to say: it is only looked at here. */
  isOpen(state: OperationState, now: Instant): boolean;
  /** Why there is nothing to decide. */
  readonly notAsked: string;
}

function halfWay(name: StepGateName): GateHere {
  return {
    digest: (state) => gateOf(state, name)?.digest,
    isOpen(state, now) {
      const gate = gateOf(state, name);
      const waits = state.steps.some(({ step, status }) => step === gate?.step && status === 'intended');
      return gate !== undefined && !gate.decision && now <= gate.expiresAt && state.phase === 'running' && waits;
    },
    notAsked: `${name}.not-asked`,
  };
}

/** Where people decide, as a terminal knows it. */
export const gatesHere: Readonly<Record<Gate, GateHere>> = {
  start: {
    digest: ({ plan }) => plan?.digest,
    isOpen: ({ phase, request, plan }, now) =>
      phase === 'planned' && (request?.policy.required ?? 0) > 0 && now <= (plan?.expiresAt ?? ''),
    notAsked: 'approval.no-plan',
  },
  findings: halfWay('findings'),
  'cut-over': halfWay('cut-over'),
  supersede: {
    digest: ({ supersede }) => supersede?.digest,
    isOpen: ({ phase, supersede }, now) =>
      phase === 'parked' && supersede !== undefined && !supersede.decision && now <= supersede.expiresAt,
    notAsked: 'supersede.not-asked',
  },
};
export const gates = Object.keys(gatesHere) as readonly Gate[];
