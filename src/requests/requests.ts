import { createHash } from 'node:crypto';
import { closest } from '../domain/closest.ts';
import { PitcrewError, userError } from '../domain/errors.ts';
import type { ApprovalPolicy, Draft, Gate } from '../domain/events.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Human } from '../domain/people.ts';
import type { Plan } from '../domain/plan.ts';
import type { OperationKind } from '../domain/request.ts';
import type { Environment, Settings } from '../domain/settings.ts';
import type { OperationState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import type { Chains } from '../ledger/chain.ts';
import type { OpenMarkers, OperationIndex } from '../ledger/markers.ts';
import { appendOperation, operationChain } from '../ledger/operations.ts';
import type { Plans } from '../ledger/plans.ts';

/** Who somebody is, asked of Slack at the moment of the click and never remembered. */
export interface Directory {
  /** Why this account may not act at all: a bot, a guest, deactivated, of another workspace; `undefined` when it may. */
  rejects(human: Human): Promise<string | undefined>;
  /** @throws when the group can't be read: then nobody is taken for its member */
  groupMembers(group: string): Promise<readonly string[]>;
}

export interface RequestDependencies {
  readonly settings: Settings;
  readonly kinds: ReadonlyMap<string, OperationKind>;
  readonly chains: Chains;
  readonly plans: Plans;
  readonly markers: OpenMarkers;
  /** Operations whose cards somebody still has to see to. */
  readonly cards: OpenMarkers;
  readonly index: OperationIndex;
  readonly directory: Directory;
  /** Puts the operation before a worker. Only makes it sooner: the reconciler finds what this loses. */
  wake(operation: string): Promise<void>;
}

export interface NewRequest {
  readonly team: string;
  readonly requester: Human;
  /** Slack's trigger id, or another id that a repeated delivery carries too: it makes the request one. */
  readonly delivery: string;
  readonly operation: string;
  readonly environment: string;
  readonly args: JsonObject;
  readonly reason: string;
  readonly channel: string;
  readonly incidentAt?: Instant;
}

export interface VoteRequest {
  readonly operation: string;
  /** What is decided; `start` unless it says so. */
  readonly gate?: Gate;
  /** Of the plan, or of the findings (`state.findings.digest`), on the card that was clicked. */
  readonly digest: string;
  readonly human: Human;
  readonly decision: 'approve' | 'deny';
  readonly reason?: string;
}

export type VoteAnswer =
  | { readonly kind: 'counted'; readonly state: OperationState }
  | { readonly kind: 'refused'; readonly code: string; readonly params: JsonObject; readonly state: OperationState };

/** The use cases. Slack and the terminal call these and nothing else. */
export class Requests {
  readonly #given: RequestDependencies;
  constructor(given: RequestDependencies) {
    this.#given = given;
  }

  /** @throws PitcrewError `request.unknown-environment` with the nearest names */
  environment(name: string): Environment {
    const { environments } = this.#given.settings;
    const found = Object.hasOwn(environments, name) ? environments[name] : undefined;
    if (found) return found;
    const names = Object.keys(environments);
    throw userError('request.unknown-environment', { given: name, closest: closest(name, names), known: names });
  }

  /** @throws PitcrewError `request.unknown-operation` with the nearest names */
  kind(name: string): OperationKind {
    const found = this.#given.kinds.get(name);
    if (found) return found;
    const names = [...this.#given.kinds.keys()];
    throw userError('request.unknown-operation', { given: name, closest: closest(name, names), known: names });
  }

  /**
   * Records a request: marker, then event 0. When this returns, it is durable; the same delivery twice is one operation.
   * @throws PitcrewError of kind `user` when it can't be taken, `ledger.*` when it could not be written
   */
  async request(asked: NewRequest): Promise<{ readonly operation: string; readonly state: OperationState }> {
    const environment = this.environment(asked.environment);
    const kind = this.kind(asked.operation);
    const args = kind.parseArgs(asked.args);
    if (kind.approval === 'two-people' && asked.reason.trim() === '') throw userError('request.reason-missing');
    const rejected = await this.#given.directory.rejects(asked.requester);
    if (rejected) throw userError(rejected);
    const operation = operationId(asked);
    const { markers, cards, chains } = this.#given;
    await Promise.all([markers.put(operation), cards.put(operation)]);
    const draft: Draft = {
      type: 'requested',
      actor: asked.requester.id,
      data: {
        operation: kind.name,
        environment: environment.name,
        args,
        requester: asked.requester,
        reason: asked.reason.trim(),
        channel: environment.channels.incident || asked.channel,
        language: environment.channels.language,
        ...(asked.incidentAt ? { incidentAt: asked.incidentAt } : {}),
        policy: this.#policy(environment, kind),
      },
    };
    const { state } = await appendOperation(chains, operation, () => draft);
    // Its marker lay there for so long that the reconciler gave the request up as never made.
    if (!state.request) throw userError('request.abandoned');
    await this.#wake(operation);
    return { operation, state };
  }

  /**
   * One person's word on one plan, or on what was found. Whoever may not give it is told why, and the chain keeps that they tried.
   * @throws PitcrewError `request.unknown-id`, `ledger.*`
   */
  async vote(vote: VoteRequest): Promise<VoteAnswer> {
    const { chains } = this.#given;
    const state = await this.state(vote.operation);
    const barred = await this.#barred(state, vote);
    if ('code' in barred) return this.#refuse(state, vote, barred.code);
    const appended = await appendOperation(chains, vote.operation, () => ({
      type: 'vote',
      actor: vote.human.id,
      data: {
        gate: vote.gate ?? 'start',
        digest: vote.digest,
        human: vote.human,
        via: barred.via,
        decision: vote.decision,
        ...(vote.reason ? { reason: vote.reason } : {}),
      },
    }));
    if (appended.kind === 'refused') return this.#refuse(appended.state, vote, appended.code);
    if (appended.kind === 'void') return { kind: 'refused', code: appended.code, params: {}, state: appended.state };
    await this.#wake(vote.operation);
    return { kind: 'counted', state: appended.state };
  }

  /** @throws PitcrewError `request.unknown-id` */
  async state(operation: string): Promise<OperationState> {
    const state = await this.#given.chains.load(operationChain, operation);
    if (state.n === 0) throw userError('request.unknown-id', { given: operation });
    return state;
  }

  /** @throws PitcrewError `plan.*` */
  plan(digest: string): Promise<Plan> {
    return this.#given.plans.get(digest);
  }

  /** Every operation that is not closed, the oldest first. */
  async open(): Promise<readonly OperationState[]> {
    const marked = await this.#given.markers.list();
    const states = await Promise.all(marked.map(({ operation }) => this.#given.chains.load(operationChain, operation)));
    return states
      .filter(({ phase }) => phase !== 'closed' && phase !== 'empty')
      .sort((a, b) => ((a.request?.at ?? '') < (b.request?.at ?? '') ? -1 : 1));
  }

  /** Closed operations of an environment, the newest first. */
  async past(environment: string, most: number): Promise<readonly OperationState[]> {
    const ids = (await this.#given.index.list(environment)).slice(-most).reverse();
    return Promise.all(ids.map((id) => this.#given.chains.load(operationChain, id)));
  }

  #policy(environment: Environment, kind: OperationKind): ApprovalPolicy {
    const { approvals } = environment;
    const { users, groups } = this.#given.settings.people.approvers;
    return {
      required: kind.approval === 'none' ? 0 : approvals.required,
      requesterCounts: approvals.requesterCounts,
      approverUsers: [...users],
      approverGroups: [...groups],
      approveWithinMinutes: approvals.approveWithinMinutes,
      startWithinMinutes: approvals.startWithinMinutes,
      findingsWithinMinutes: environment.restore.findingsWithinMinutes,
    };
  }

  /** The user or the group by which this person may vote, or why they may not. Missing data denies. */
  async #barred(state: OperationState, { human, decision }: VoteRequest): Promise<{ code: string } | { via: string }> {
    const rejected = await this.#given.directory.rejects(human);
    if (rejected) return { code: rejected };
    const policy = state.request?.policy;
    if (!policy) return { code: 'approval.no-plan' };
    const own = human.id === state.request?.requester.id;
    if (own && decision === 'deny') return { via: human.slackUser };
    if (own && !policy.requesterCounts) return { code: 'approval.own-request' };
    if (policy.approverUsers.includes(human.slackUser)) return { via: human.slackUser };
    let unreadable = false;
    for (const group of policy.approverGroups) {
      const members = await this.#given.directory.groupMembers(group).catch((): readonly string[] => {
        unreadable = true;
        return [];
      });
      if (members.includes(human.slackUser)) return { via: group };
    }
    return { code: unreadable ? 'approval.group-unreadable' : 'approval.not-approver' };
  }

  async #refuse(state: OperationState, vote: VoteRequest, code: string): Promise<VoteAnswer> {
    const { human, operation, decision, gate = 'start' } = vote;
    const recorded = await appendOperation(this.#given.chains, operation, () => ({
      type: 'refused',
      actor: human.id,
      data: { human, what: gate === 'start' ? decision : `${gate}:${decision}`, code },
    }));
    return { kind: 'refused', code, params: {}, state: recorded.state ?? state };
  }

  async #wake(operation: string): Promise<void> {
    try {
      await this.#given.wake(operation);
    } catch (error) {
      // It is recorded, so it will be done: the reconciler puts it before a worker as soon as the queue is back.
      if (error instanceof PitcrewError && error.kind === 'bug') throw error;
    }
  }
}

/** `op-` and 12 hex digits of the hash over who asked and the delivery: derived, so a repeated delivery is the same operation. */
export function operationId({
  team,
  requester,
  delivery,
}: Pick<NewRequest, 'team' | 'requester' | 'delivery'>): string {
  const hash = createHash('sha256').update(JSON.stringify([team, requester.id, delivery]));
  return `op-${hash.digest('hex').slice(0, 12)}`;
}
