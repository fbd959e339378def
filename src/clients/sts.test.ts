import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsFront, startAws } from '../../sandbox/aws/front.ts';
import { createSts } from '../../sandbox/aws/sts/sts.ts';
import { principals } from '../../sandbox/principals.ts';
import { PitcrewError } from '../domain/errors.ts';
import { proofSeconds, sts } from './sts.ts';

const account = '123456789012';
const region = 'eu-west-1';
const purpose = `op-0123456789ab/start/${'a'.repeat(64)}/approve/${'b'.repeat(64)}`;

let aws: AwsFront;
beforeAll(async () => {
  aws = await startAws({ services: [createSts()], account, credentials: Object.values(principals) });
});
afterAll(() => aws.close());

const { session, ...temporary } = principals.wei;
const identities = {
  amir: principals.amir,
  wei: { ...temporary, sessionToken: session.token },
  stranger: { accessKeyId: 'AKIASANDBOXNOBODY000', secretAccessKey: 'x' },
};
const as = (name: keyof typeof identities, now = Date.now) =>
  sts({ region, endpoint: aws.url, credentials: async () => identities[name], now });

const refusal = async (call: Promise<unknown>) =>
  call.then(
    () => 'taken',
    (error: unknown) => (error instanceof PitcrewError ? error.code : error),
  );

describe('a proof says who signed it, and for what', () => {
  it('an IAM user', async () => {
    const proof = await as('amir').sign(purpose);
    expect(await as('stranger').callerOf(proof, purpose)).toBe(`arn:aws:iam::${account}:user/amir`);
  });

  it('a session of a role, by its token', async () => {
    const proof = await as('wei').sign(purpose);
    const arn = `arn:aws:sts::${account}:assumed-role/${session.role}/wei@example.com`;
    expect(await as('amir').callerOf(proof, purpose)).toBe(arn);
    const { token: _, ...without } = proof;
    expect(await refusal(as('amir').callerOf(without, purpose))).toBe('identity.refused');
  });

  it.each([
    ['another operation', purpose.replace('op-0', 'op-1')],
    ['the other gate', purpose.replace('/start/', '/findings/')],
    ['another plan', purpose.replace('aaaa', 'aaab')],
    ['the other decision', purpose.replace('approve', 'deny')],
    ['another reason', purpose.replace('bbbb', 'bbbc')],
  ])('it can’t be used for %s', async (_, other) => {
    expect(await refusal(as('amir').callerOf(await as('amir').sign(purpose), other))).toBe('identity.refused');
  });

  it('a forged signature, another’s name on it, and a key that AWS does not know are refused', async () => {
    const proof = await as('amir').sign(purpose);
    const forged = { ...proof, signature: proof.signature.replace(/^./, (one) => (one === '0' ? '1' : '0')) };
    expect(await refusal(as('amir').callerOf(forged, purpose))).toBe('identity.refused');
    const renamed = { ...proof, accessKeyId: principals.rosa.accessKeyId };
    expect(await refusal(as('amir').callerOf(renamed, purpose))).toBe('identity.refused');
    expect(await refusal(as('amir').callerOf(await as('stranger').sign(purpose), purpose))).toBe('identity.refused');
  });

  it('it is over after a minute, though AWS itself would still take it, and none comes from the future', async () => {
    const late = () => Date.now() - (proofSeconds + 5) * 1000;
    expect(await refusal(as('amir').callerOf(await as('amir', late).sign(purpose), purpose))).toBe('identity.expired');
    const early = () => Date.now() + (proofSeconds + 5) * 1000;
    expect(await refusal(as('amir').callerOf(await as('amir', early).sign(purpose), purpose))).toBe('identity.expired');
  });

  it.each([
    { accessKeyId: 'AKIASANDBOXAMIR00000/x' },
    { signedAt: '20261121T000000Z&Action=Other' },
    { signature: 'x' },
    { token: 'a b' },
  ])('what has not the form of a proof is not sent to AWS: %o', async (more) => {
    const proof = { ...(await as('amir').sign(purpose)), ...more };
    expect(await refusal(as('amir').callerOf(proof, purpose))).toBe('identity.refused');
  });

  it('an STS that does not answer is nobody’s word', async () => {
    const proof = await as('amir').sign(purpose);
    const nowhere = sts({ region, endpoint: 'http://127.0.0.1:1', credentials: async () => identities.amir });
    expect(await refusal(nowhere.callerOf(proof, purpose))).toBe('identity.silent');
  });

  it('it holds no secret key', async () => {
    const proof = await as('wei').sign(purpose);
    expect(JSON.stringify(proof)).not.toContain(principals.wei.secretAccessKey);
  });
});
