import { engineEvents } from '../../src/domain/events.ts';
import { milliseconds } from '../../src/domain/time.ts';
import type { Entry, History } from './history.ts';
import type { Report } from './observed.ts';

// What the protocol promises, said a second time and in other words than the rules of the domain: the events that had an
// effect are judged from their stored bytes alone.

const engine = new Set<string>([...engineEvents, 'closed']);

/** What must be true of every operation's chain at every moment. */
export function chainProperties({ entries, problems }: History): readonly string[] {
  const effective = entries.filter((one) => one.effective);
  return [
    ...problems,
    ...votes(effective),
    ...findings(effective),
    ...cutOver(effective),
    ...owners(effective),
    ...cancels(effective),
    ...ends(effective),
    ...parks(effective),
  ];
}

/** Started only after enough different people with a right to it said yes to this very plan in time, and nobody no. */
function votes(events: readonly Entry[]): string[] {
  const found: string[] = [];
  const request = events.find((one) => one.type === 'requested')?.data;
  if (!request) return found;
  let plan: { digest: string; until: number } | undefined;
  let yes = new Set<string>();
  let count = 0;
  let denied = false;
  let approvedAt = 0;
  let started = false;
  let prestaged: readonly string[] = [];
  for (const { type, data, at, before } of events) {
    if (type === 'planned') prestaged = data.prestage ?? [];
    // Only what this very plan says may be done while people decide; and what is taken back was begun by that alone.
    if (type === 'intent' && !started && before.phase !== 'approved') {
      if (data.direction === 'do' && !prestaged.includes(data.step)) found.push(`${data.step} before anybody approved`);
      if (
        data.direction === 'do' &&
        (denied || yes.size >= request.policy.required || milliseconds(at) > (plan?.until ?? 0))
      )
        found.push(`${data.step} was prestaged after people had decided`);
      continue;
    }
    if (type === 'planned') {
      if (started) found.push('planned anew after the start');
      plan = { digest: data.digest, until: milliseconds(at) + request.policy.approveWithinMinutes * 60_000 };
      yes = new Set();
      count = 0;
      if (request.policy.required === 0) approvedAt = milliseconds(at);
    }
    if (type === 'vote' && data.gate === 'start') {
      const eligible =
        request.policy.approverUsers.includes(data.via) || request.policy.approverGroups.includes(data.via);
      if (data.decision === 'deny') denied = true;
      else if (!eligible) found.push(`${data.human.id} may not vote`);
      else if (data.human.id === request.requester.id && !request.policy.requesterCounts)
        found.push('the requester voted');
      else if (data.digest !== plan?.digest) found.push('a vote for another plan');
      else if (milliseconds(at) > (plan?.until ?? 0)) found.push('a vote after its time');
      else yes.add(data.human.id);
      count++;
      if (!denied && count !== yes.size) found.push('a person voted twice');
      if (yes.size === request.policy.required) approvedAt = milliseconds(at);
    }
    if (type === 'intent' && !started) {
      started = true;
      if (denied) found.push('started after a no');
      if (yes.size < request.policy.required) found.push(`started with ${yes.size} of ${request.policy.required}`);
      if (milliseconds(at) > approvedAt + request.policy.startWithinMinutes * 60_000) found.push('started too late');
    }
  }
  return found;
}

/** Handed over with something wrong only after enough different people with a right to it said so of these very findings, in time. */
function findings(events: readonly Entry[]): string[] {
  const found: string[] = [];
  const request = events.find((one) => one.type === 'requested')?.data;
  const asked = events.find((one) => one.type === 'intent' && one.data.gate === 'findings');
  if (!request) return found;
  const { policy, requester } = request;
  const until = asked ? milliseconds(asked.at) + (policy.findingsWithinMinutes ?? 0) * 60_000 : 0;
  const eligible = new Set([...policy.approverUsers, ...policy.approverGroups]);
  const yes = new Set<string>();
  let count = 0;
  let wrong = false;
  let denied = false;
  for (const { type, data, at } of events) {
    if (type === 'done' && data.output.found) wrong = true;
    if (type === 'vote' && data.gate === 'findings') {
      if (data.digest !== asked?.sha256) found.push('a word on other findings');
      if (milliseconds(at) > until) found.push('a word on findings after its time');
      if (data.decision === 'deny') denied = true;
      else if (!eligible.has(data.via)) found.push(`${data.human.id} may not accept findings`);
      else if (data.human.id === requester.id && !policy.requesterCounts) found.push('the requester accepted findings');
      else if (yes.add(data.human.id).size !== ++count) found.push('a person accepted findings twice');
    }
    const accepted = !denied && yes.size >= policy.required;
    if (type === 'intent' && data.publishes && wrong && !accepted)
      found.push(`handed over with findings that ${yes.size} of ${policy.required} accepted`);
    if (type === 'turned-back' && data.error.code === 'verification.failed' && accepted)
      found.push('turned back although the findings were accepted');
    if (type === 'failed' && data.error.code === 'verification.failed' && asked && !denied && milliseconds(at) <= until)
      found.push('gave up while people could still decide');
  }
  return found;
}

/**
 * Past the step that asks for the cut-over only with enough different people's word for this very one, in time; and a no,
 * or nobody's word in time, is how it ends, not a failure.
 */
function cutOver(events: readonly Entry[]): string[] {
  const found: string[] = [];
  const request = events.find((one) => one.type === 'requested')?.data;
  const asked = events.find((one) => one.type === 'intent' && one.data.gate === 'cut-over');
  if (!request || asked?.type !== 'intent') return found;
  const { approverUsers, approverGroups, cutOver: required = 0, cutOverWithinMinutes = 0 } = request.policy;
  const eligible = new Set([...approverUsers, ...approverGroups]);
  const until = milliseconds(asked.at) + cutOverWithinMinutes * 60_000;
  const yes = new Set<string>();
  let denied = false;
  let cancelled = false;
  for (const { type, data, at } of events) {
    const accepted = !denied && yes.size >= required;
    if (type === 'cancel-asked') cancelled = true;
    if (type === 'vote' && data.gate === 'cut-over') {
      if (accepted || denied) found.push('a word on the cut-over after it was decided');
      if (data.digest !== asked.sha256) found.push('a word on another cut-over');
      if (milliseconds(at) > until) found.push('a word on the cut-over after its time');
      if (data.decision === 'deny') denied = true;
      else if (!eligible.has(data.via) || data.human.id === request.requester.id)
        found.push(`${data.human.id} may not approve the cut-over`);
      else if (yes.has(data.human.id)) found.push('a person approved the cut-over twice');
      else yes.add(data.human.id);
    }
    if (type === 'done' && data.step === asked.data.step && !accepted)
      found.push(`went past the cut-over that ${yes.size} of ${required} approved`);
    if (type === 'failed' && data.step === asked.data.step && !denied && milliseconds(at) <= until)
      found.push('gave the cut-over up while people could still decide');
    if (type !== 'closed') continue;
    if (data.outcome === 'denied' && !denied) found.push('denied by nobody');
    if (data.outcome === 'expired' && (denied || accepted || milliseconds(at) <= until))
      found.push('expired, and was decided or open');
    if (data.outcome === 'failed' && !accepted) found.push('failed by what people decided');
    if (data.outcome === 'cancelled' && !cancelled) found.push('cancelled by nobody');
  }
  return found;
}

/** Engine events count only if they are the owner's; one becomes the owner by the next epoch and a run of one's own. */
function owners(events: readonly Entry[]): string[] {
  const found: string[] = [];
  let owner: { run: string | null; epoch: number } | undefined;
  let claims = 0;
  const runs = new Set<string>();
  for (const { type, stored } of events) {
    // People let it go on: nobody owns it until somebody claims it anew.
    if (type === 'resumed') {
      owner = { run: null, epoch: owner?.epoch ?? 0 };
      claims = 0;
    }
    if (!engine.has(type)) continue;
    if (type === 'closed' && stored.run === null) {
      if (owner) found.push('closed by nobody after the start');
      continue;
    }
    const { run, epoch } = stored;
    if (run === null || epoch === null) found.push(`${type} by nobody`);
    else if (run !== owner?.run || epoch !== owner?.epoch) {
      if (epoch !== (owner?.epoch ?? 0) + 1 || runs.has(run)) found.push(`${type} of the fenced run ${run}`);
      if (type === 'done' || type === 'failed') found.push(`${type} without a claim`);
      owner = { run, epoch };
      runs.add(run);
      claims++;
    }
    if (type === 'done' || type === 'failed' || type === 'turned-back') claims = 0;
    if (type === 'intent' && claims > 5) found.push(`${claims} claims without an outcome`);
  }
  return found;
}

/** Asked to stop and handed over: one of them came first, and then the other never is. */
function cancels(events: readonly Entry[]): string[] {
  const cancel = events.findIndex(({ type }) => type === 'cancel-asked');
  const publish = events.findIndex(({ type, data }) => type === 'intent' && data.publishes && data.direction === 'do');
  if (cancel >= 0 && events.slice(cancel).some(({ type, data }) => type === 'intent' && data.direction === 'do'))
    return ['a step began after a cancel'];
  if (cancel < 0 || publish < 0) return [];
  return cancel < publish ? ['handed over after a cancel'] : ['a cancel was taken after the hand-over began'];
}

/** Parked, only people do something: they let it go on, or enough of them give it up, and only then it is closed. */
function parks(events: readonly Entry[]): string[] {
  const found: string[] = [];
  const request = events.find((one) => one.type === 'requested')?.data;
  let parked = false;
  let gate: { digest: string; until: number; asker: string } | undefined;
  let yes = new Set<string>();
  let denied = false;
  if (!request) return found;
  const { required, approverUsers, approverGroups } = request.policy;
  const may = (who: { human: { id: string }; via?: string | undefined }) =>
    who.human.id === request.requester.id || [...approverUsers, ...approverGroups].includes(who.via ?? '');
  for (const { type, data, at, sha256 } of events) {
    if (type === 'cancel-asked' && !may(data)) found.push('cancelled by a stranger');
    if (type === 'supersede-asked') {
      if (!parked) found.push('asked to give up what is not parked');
      gate = {
        digest: sha256,
        until: milliseconds(at) + data.policy.approveWithinMinutes * 60_000,
        asker: data.human.id,
      };
      yes = new Set();
      denied = false;
    }
    if (type === 'vote' && data.gate === 'supersede') {
      if (data.digest !== gate?.digest) found.push('a word on another wish to give it up');
      if (milliseconds(at) > (gate?.until ?? 0)) found.push('a word on giving it up after its time');
      if (data.decision === 'deny') denied = true;
      else if (data.human.id === gate?.asker) found.push('who asked to give it up approved it');
      else yes.add(data.human.id);
    }
    const givenUp = !denied && yes.size >= required;
    if (type === 'resumed') {
      if (!parked || givenUp) found.push('let go on what is not parked, or given up');
      if (!may(data)) found.push('let go on by a stranger');
      parked = false;
      gate = undefined;
      yes = new Set();
    }
    if (parked && type === 'closed' && !givenUp)
      found.push(`closed while parked, given up by ${yes.size} of ${required}`);
    if (parked && engine.has(type) && type !== 'closed') found.push(`${type} while parked`);
    if (type === 'parked') parked = true;
  }
  return found;
}

function ends(events: readonly Entry[]): string[] {
  const found: string[] = [];
  const closed = events.findIndex(({ type }) => type === 'closed');
  if (closed >= 0)
    for (const { type } of events.slice(closed + 1)) if (type !== 'refused') found.push(`${type} after the end`);
  const turned = events.findIndex(({ type }) => type === 'turned-back');
  const published = events.some(({ type, data }) => type === 'intent' && data.publishes === true);
  // After the hand-over nothing is taken back: people may let it go on forwards.
  if (turned >= 0 && !(published && events.some(({ type }) => type === 'resumed'))) {
    const after = events.slice(turned + 1);
    if (after.some(({ type, data }) => type === 'intent' && data.direction === 'do'))
      found.push('forwards after turning back');
    if (after.some(({ type, data }) => type === 'closed' && data.outcome === 'succeeded'))
      found.push('succeeded after turning back');
  }
  const doing = new Map<string, string>();
  for (const { type, data } of events) {
    if (type === 'intent') doing.set(data.step, data.direction);
    if (type === 'done' || type === 'failed') {
      if (doing.get(data.step) !== data.direction) found.push(`${type} of ${data.step} without an intent`);
    }
  }
  return found;
}

/** Nobody was told something about an event that the chain doesn't say. */
export function truths(reports: readonly Report[], histories: ReadonlyMap<string, History>): readonly string[] {
  return reports.flatMap(({ by, chain, nonce, told, code }) => {
    const history = histories.get(chain);
    if (!history) return [];
    const entry = history.entries.find(({ stored }) => stored.nonce === nonce);
    if (told === 'appended' && !entry?.effective) return [`${by} was told that ${nonce} stands, and it does not`];
    if (told === 'void' && (!entry || entry.effective)) return [`${by} was told that ${nonce} is void (${code})`];
    if ((told === 'refused' || told === 'error') && entry?.effective)
      return [`${by} was told ${told} (${code}), and ${nonce} stands`];
    return [];
  });
}
