import { beforeEach, describe, expect, it } from 'vitest';
import { approvedStage, op, type Stage } from '../../test/engine-stage.ts';
import { change, look } from '../../test/engine-steps.ts';
import { wait } from '../domain/step.ts';
import { Chains } from '../ledger/chain.ts';
import { type RequestDependencies, Requests } from './requests.ts';

const principal = 'arn:aws:iam::123456789012:user/ann';
let stage: Stage;
let requests: Requests;
let digest: string;

beforeEach(async () => {
  stage = await approvedStage(
    [
      look('judge', { gate: 'findings', run: async () => wait(30, 'wait.findings') }),
      change('publish', [], { after: ['judge'], publishes: true }),
    ],
    { findingsWithinMinutes: 10 },
  );
  await stage.pass();
  digest = (await stage.state()).findings?.digest ?? '';
  requests = new Requests({
    chains: new Chains({ store: stage.store }),
    directory: { rejects: async () => undefined, groupMembers: async () => [] },
    wake: async () => {},
  } as unknown as RequestDependencies);
});

const approve = (id: string, by = {}) =>
  requests.vote({
    operation: op,
    gate: 'findings',
    digest,
    human: { id, slackUser: id.split('/')[1] ?? '' },
    decision: 'approve',
    ...by,
  });

describe('one human, by Slack and at a terminal', () => {
  it('counts once, though they come by two ways', async () => {
    expect(await approve('aws/ann', { principal })).toMatchObject({ kind: 'counted' });
    expect(await approve('T/ann')).toMatchObject({ kind: 'refused', code: 'approval.already-voted' });
    expect(await approve('T/ben')).toMatchObject({ kind: 'counted', state: { findings: { decision: 'approved' } } });
  });

  it('can’t approve at a terminal what they asked for in Slack', async () => {
    expect(await approve('aws/rita')).toMatchObject({ kind: 'refused', code: 'approval.own-request' });
  });
});
