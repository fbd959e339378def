import { expect, test } from 'vitest';
import { aliases, aliasesByDns } from './aws-address.ts';

const instance = 'shop.abc.eu-west-1.rds.amazonaws.com';

test('CNAMEs are followed to a name of RDS, over others, and never in circles', async () => {
  const zone: Readonly<Record<string, readonly string[]>> = {
    'db.shop.internal': ['primary.shop.internal'],
    'primary.shop.internal': [instance],
    'a.shop.internal': ['b.shop.internal'],
    'b.shop.internal': ['a.shop.internal'],
    'elsewhere.shop.internal': ['db.example'],
  };
  const behind = aliases(async (name) => {
    const found = zone[name];
    if (!found) throw new Error('ENODATA');
    return found;
  });
  expect(await behind('db.shop.internal')).toBe(instance);
  for (const host of ['a.shop.internal', 'elsewhere.shop.internal', 'nowhere', '127.0.0.1', '::1'])
    expect(await behind(host), host).toBeUndefined();
});

test('DNS that doesn’t know a name, or isn’t there, is no error and no long wait', async () => {
  const began = performance.now();
  expect(await aliasesByDns()('no-such-name.invalid')).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(10_000);
});
