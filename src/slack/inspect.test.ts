import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { botScopes } from './inspect.ts';

it('the scopes that check-config --live looks for are those of the manifest', () => {
  const manifest = parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')) as {
    oauth_config: { scopes: { bot: readonly string[] } };
  };
  expect([...botScopes].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
});
