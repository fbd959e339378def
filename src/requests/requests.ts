import { createHash } from 'node:crypto';
import { closest } from '../domain/closest.ts';
import { PitcrewError, userError } from '../domain/errors.ts';
import type { ApprovalPolicy, Draft, Gate } from '../domain/events.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Human, sameHuman } from '../domain/people.ts';
import type { Plan } from '../domain/plan.ts';
import type { OperationKind } from '../domain/request.ts';
import type { Environment, Settings } from '../domain/settings.ts';
import type { OperationState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import type { Appended, Chains } from '../ledger/chain.ts';
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
  /** Of AWS, by which a terminal knows who this is; it stands in the chain. */
  readonly principal?: string;
}

/** What somebody says to an operation that is under way, or parked. */
export interface Word {
  readonly operation: string;
  readonly human: Human;
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
        policy: this.#policy(environment, kind.approval),
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
    if ('code' in barred) return this.#refuse(state, vote, saidAt(vote), barred.code);
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
        ...(vote.principal ? { principal: vote.principal } : {}),
      },
    }));
    return this.#answered(appended, vote, saidAt(vote));
  }

  /**
   * Asks an operation to stop: before the start it is over, later it turns back at the next safe point. Never after the
   * hand-over began, and the chain's order decides that. A parked one goes on, backwards.
   * @throws PitcrewError `request.unknown-id`, `ledger.*`
   */
  async cancel(word: Word): Promise<VoteAnswer> {
    const answer = await this.#say(word, 'cancel', (via) => ({
      type: 'cancel-asked',
      actor: word.human.id,
      data: { human: word.human, ...via },
    }));
    return answer.kind === 'counted' && answer.state.phase === 'parked' ? this.retry(word) : answer;
  }

  /** Lets a parked operation go on from where it failed. @throws PitcrewError `request.unknown-id`, `ledger.*` */
  retry(word: Word): Promise<VoteAnswer> {
    return this.#say(word, 'retry', (via) => ({
      type: 'resumed',
      actor: word.human.id,
      data: { human: word.human, ...via },
    }));
  }

  /**
   * Asks people to give a parked operation up: as many as approve a restore of this environment today, none of them who
   * asks. @throws PitcrewError `request.unknown-id`, `ledger.*`
   */
  async supersede(word: Word & { readonly reason: string }): Promise<VoteAnswer> {
    const { operation, human } = word;
    const reason = word.reason.trim();
    if (reason === '') throw userError('request.reason-missing');
    const state = await this.state(operation);
    const rejected = await this.#given.directory.rejects(human);
    if (rejected) return this.#refuse(state, word, 'supersede', rejected);
    const { environments } = this.#given.settings;
    const name = state.request?.environment ?? '';
    const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
    const pinned = state.request?.policy;
    const policy = environment ? this.#policy(environment, 'two-people') : pinned;
    if (!policy || policy.required === 0) return this.#refuse(state, word, 'supersede', 'supersede.nobody-decides');
    const appended = await appendOperation(this.#given.chains, operation, () => ({
      type: 'supersede-asked',
      actor: human.id,
      data: { human, reason, policy },
    }));
    return this.#answered(appended, word, 'supersede');
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

  #policy(environment: Environment, approval: OperationKind['approval']): ApprovalPolicy {
    const { approvals } = environment;
    const { users, groups } = this.#given.settings.people.approvers;
    return {
      required: approval === 'none' ? 0 : approvals.required,
      requesterCounts: approvals.requesterCounts,
      approverUsers: [...users],
      approverGroups: [...groups],
      approveWithinMinutes: approvals.approveWithinMinutes,
      startWithinMinutes: approvals.startWithinMinutes,
      findingsWithinMinutes: environment.restore.findingsWithinMinutes,
      cutOver: approval === 'none' ? 0 : approvals.cutOver,
      cutOverWithinMinutes: environment.restore.cutOverWithinMinutes,
    };
  }

  /** The user or the group by which this person may vote, or why they may not. Missing data denies. */
  async #barred(
    state: OperationState,
    { human, decision, gate }: VoteRequest,
  ): Promise<{ code: string } | { via: string }> {
    const rejected = await this.#given.directory.rejects(human);
    if (rejected) return { code: rejected };
    const { request, supersede } = state;
    const policy = gate === 'supersede' ? (supersede?.policy ?? request?.policy) : request?.policy;
    if (!policy) return { code: 'approval.no-plan' };
    const own = sameHuman(human.id, gate === 'supersede' ? supersede?.askedBy.human : request?.requester.id);
    if (own && decision === 'deny') return { via: human.slackUser };
    if (own && !policy.requesterCounts) return { code: 'approval.own-request' };
    return this.#named(policy, human);
  }

  /** The user or the group of a policy that names this person. A group that can't be read names nobody. */
  async #named(policy: ApprovalPolicy, human: Human): Promise<{ code: string } | { via: string }> {
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

  /** Of whoever asked for the operation, or may approve it. */
  async #say(word: Word, what: string, draft: (via: { readonly via?: string }) => Draft): Promise<VoteAnswer> {
    const { operation, human } = word;
    const state = await this.state(operation);
    const rejected = await this.#given.directory.rejects(human);
    if (rejected) return this.#refuse(state, word, what, rejected);
    const own = sameHuman(human.id, state.request?.requester.id);
    const named: { code: string } | { via?: string } = own ? {} : await this.#mayAct(state, human);
    if ('code' in named) return this.#refuse(state, word, what, named.code);
    return this.#answered(await appendOperation(this.#given.chains, operation, () => draft(named)), word, what);
  }

  async #mayAct({ request }: OperationState, human: Human): Promise<{ code: string } | { via: string }> {
    if (!request) return { code: 'operation.none' };
    const named = await this.#named(request.policy, human);
    return 'code' in named && named.code === 'approval.not-approver' ? { code: 'operation.not-yours' } : named;
  }

  async #answered(appended: Appended<OperationState>, word: Word, what: string): Promise<VoteAnswer> {
    if (appended.kind === 'refused') return this.#refuse(appended.state, word, what, appended.code);
    if (appended.kind === 'void') return { kind: 'refused', code: appended.code, params: {}, state: appended.state };
    await this.#wake(word.operation);
    return { kind: 'counted', state: appended.state };
  }

  async #refuse(state: OperationState, { human, operation }: Word, what: string, code: string): Promise<VoteAnswer> {
    const recorded = await appendOperation(this.#given.chains, operation, () => ({
      type: 'refused',
      actor: human.id,
      data: { human, what, code },
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

/** How a refused word is called in the chain. */
const saidAt = ({ gate = 'start', decision }: VoteRequest) => (gate === 'start' ? decision : `${gate}:${decision}`);

/** `op-` and 12 hex digits of the hash over who asked and the delivery: derived, so a repeated delivery is the same operation. */
export function operationId({
  team,
  requester,
  delivery,
}: Pick<NewRequest, 'team' | 'requester' | 'delivery'>): string {
  const hash = createHash('sha256').update(JSON.stringify([team, requester.id, delivery]));
  return `op-${hash.digest('hex').slice(0, 12)}`;
}
