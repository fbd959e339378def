import { describe, expect, it } from 'vitest';
import { sameHuman } from './people.ts';
import { personOf, principalForm } from './principals.ts';

const account = '123456789012';
const user = `arn:aws:iam::${account}:user/amir`;
const role = `arn:aws:iam::${account}:role/team/Dba`;
const session = (name: string, of = account) => `arn:aws:sts::${of}:assumed-role/Dba/${name}`;

describe('a principal of AWS is one person', () => {
  it('an IAM user is whom the config names, and nobody else', () => {
    expect(personOf({ U0AMIR: user }, user)).toBe('U0AMIR');
    expect(personOf({ U0AMIR: user }, `${user}2`)).toBeUndefined();
    expect(personOf({}, user)).toBeUndefined();
  });

  it('a session is its role’s person, whatever the role’s path', () => {
    expect(personOf({ U0WEI: role }, session('wei'))).toBe('U0WEI');
  });

  it('another account’s user or role of the same name is nobody', () => {
    expect(personOf({ U0AMIR: user }, user.replace(account, '999999999999'))).toBeUndefined();
    expect(personOf({ U0WEI: role }, session('wei', '999999999999'))).toBeUndefined();
  });

  it('one named session is not the role’s other sessions', () => {
    const identities = { U0WEI: session('wei'), U0DANA: session('dana') };
    expect(personOf(identities, session('dana'))).toBe('U0DANA');
    expect(personOf(identities, session('mallory'))).toBeUndefined();
  });

  it('who could be two people is nobody', () => {
    expect(personOf({ U0WEI: role, U0DANA: session('dana') }, session('dana'))).toBeUndefined();
  });

  it.each([user, role, session('wei@example.com'), user.replace('aws', 'aws-cn')])('%s can be written', (arn) => {
    expect(arn).toMatch(principalForm);
  });

  it.each(['amir', `arn:aws:iam::${account}:root`, `arn:aws:iam::${account}:user/*`, `${user} `])(
    '%s can’t be written',
    (arn) => {
      expect(arn).not.toMatch(principalForm);
    },
  );
});

it('a human is the same by Slack and by AWS', () => {
  expect(sameHuman('T0ACME/U0AMIR', 'aws/U0AMIR')).toBe(true);
  expect(sameHuman('T0ACME/U0AMIR', 'T0ACME/U0WEI')).toBe(false);
  expect(sameHuman('T0ACME/U0AMIR', undefined)).toBe(false);
});
