import { expect, test } from 'vitest';
import { translated } from './aws-errors.ts';

const call = { action: 'rds:RestoreDBInstanceFromDBSnapshot', on: 'shop' };
const denied = (message: string) =>
  translated(Object.assign(new Error(message), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }), call);
const role = 'User: arn:aws:sts::123456789012:assumed-role/pitcrew/worker is not authorized to perform:';
const subnets = 'arn:aws:rds:eu-west-1:123456789012:subgrp:prod';

test('of a denial, what a policy would have to allow is IAM’s own word, not the call that failed', () => {
  const sentence = `${role} rds:AddTagsToResource on resource: ${subnets} because no identity-based policy allows the rds:AddTagsToResource action`;
  expect(denied(sentence)).toMatchObject({
    code: 'aws.denied',
    kind: 'permanent',
    params: { action: 'rds:AddTagsToResource', resource: subnets, on: 'shop' },
  });
  expect(denied(sentence).params).not.toHaveProperty('denies');
});

test.each([
  ['with an explicit deny in a service control policy', 'service control policy'],
  ['with an explicit deny in an identity-based policy', 'identity-based policy'],
  ['with an explicit deny in a permissions boundary', 'permissions boundary'],
])('an explicit deny names the policy that has to change: %s', (because, denies) => {
  const sentence = `${role} rds:ModifyDBInstance on resource: ${subnets} ${because}`;
  expect(denied(sentence).params).toMatchObject({ action: 'rds:ModifyDBInstance', denies });
});

test.each(['Unknown', '403', 'Forbidden'])(
  'a 403 without a word, as S3 answers a HEAD, is a denial and names the call (%s)',
  (name) => {
    const error = Object.assign(new Error('UnknownError'), { name, $metadata: { httpStatusCode: 403 } });
    expect(translated(error, call)).toMatchObject({ code: 'aws.denied', kind: 'permanent', params: call });
  },
);

test('a 403 that says something else is what it says', () => {
  const error = Object.assign(new Error('off'), { name: 'AllAccessDisabled', $metadata: { httpStatusCode: 403 } });
  expect(translated(error, call)).toMatchObject({ code: 'aws.refused', params: { code: 'AllAccessDisabled' } });
});

test('a denial that says nothing names the call', () => {
  expect(denied('Access denied.').params).toMatchObject({ action: call.action, code: 'AccessDenied' });
});
