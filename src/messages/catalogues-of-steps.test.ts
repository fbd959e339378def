import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applicationErrors } from './application.ts';
import { awsErrors } from './aws.ts';
import { clusterErrors, clusterWaits, handOverTexts } from './cluster.ts';
import { databaseErrors } from './database.ts';
import { loginErrors } from './database-login.ts';
import { besideErrors } from './errors-cut-over.ts';
import { guardTexts } from './guards.ts';
import { stoppedErrors } from './stopped.ts';
import { verificationFindings } from './verification.ts';

const errors = {
  ...besideErrors,
  ...clusterErrors,
  ...applicationErrors,
  ...stoppedErrors,
  ...databaseErrors,
  ...loginErrors,
};
const source = new URL('..', import.meta.url).pathname;
const files = ['clients', 'steps/kubernetes', 'steps/postgres', 'verification', 'verification/checks'].flatMap(
  (folder) =>
    readdirSync(join(source, folder))
      .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
      .map((name) => readFileSync(join(source, folder, name), 'utf8')),
);
const codesLike = (pattern: RegExp) =>
  new Set(files.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code)));

describe('every code of clusters and databases', () => {
  it.each([
    ['errors', /'((?:kubernetes|database|restore)\.[a-z-]+)'/g, errors],
    [
      'what steps wait for',
      /wait\([^']*'(wait\.(?:pods|jobs|stays|smoke|check|sessions|rollout|proving|database)[a-z-]*)'/g,
      clusterWaits,
    ],
    ['findings', /'(verification\.[a-z-]+)'/g, verificationFindings],
    ['guards', /'(guard\.[a-z-]+)'/g, guardTexts],
    ['hand-over notes', /'(hand-over\.[a-z-]+)'/g, handOverTexts],
  ] as const)('has a text, and every text a code: %s', (_, pattern, catalogue) => {
    const internal = new Set(['database.live-not-readable', ...Object.keys(awsErrors)]);
    const used = [...codesLike(pattern)].filter((code) => !internal.has(code ?? ''));
    expect(used.sort()).toEqual(Object.keys(catalogue).sort());
  });

  it('speaks Chinese where Chinese is asked for, and never says undefined', () => {
    const whatAndHint = Object.values(errors).flatMap(({ what, hint }) => [what, hint]);
    const params = new Proxy({}, { get: () => 'x' });
    for (const text of [
      ...whatAndHint,
      ...Object.values({ ...clusterWaits, ...verificationFindings, ...handOverTexts, ...guardTexts }),
    ]) {
      expect(text('en', params)).not.toMatch(/undefined|[\u4e00-\u9fff]/);
      expect(text('zh-TW', params)).toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
