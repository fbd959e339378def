import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedVersion, type RunningVersion, versionFit } from './application-version.ts';

const at = '2026-11-20T03:14:00.000Z';
const images = (tag: string) => [{ workload: 'production/deployment/backend', images: [`backend:${tag}`] }];
const backup = (newest: string | null, count = 1, tag = '1', tool = 'schema_migrations'): RecordedVersion => ({
  v: 1,
  operation: 'op-0123456789ab',
  at,
  images: images(tag),
  migrations: newest === null ? null : { tool, newest, count },
});
const running = (ids: readonly string[] | null, tag = '1', tool = 'schema_migrations'): RunningVersion => ({
  at,
  images: images(tag),
  migrations: ids && { tool, ids },
});

describe('whether the running application fits a backup', () => {
  it.each<[string, object, RecordedVersion | undefined, RunningVersion | undefined]>([
    ['the same migrations, whatever the image', { kind: 'fits' }, backup('2', 2), running(['1', '2'], '7')],
    [
      'migrations that ran since',
      { kind: 'older', after: '2', upTo: '4', count: 2 },
      backup('2', 2),
      running(['1', '2', '3', '4']),
    ],
    [
      'an older migration that was merged later',
      { kind: 'older', after: '3', upTo: '3', count: 1 },
      backup('3', 2),
      running(['1', '2', '3']),
    ],
    [
      'a release that was taken back',
      { kind: 'newer', newest: '9', running: '2' },
      backup('9', 3),
      running(['1', '2']),
    ],
    [
      'a tool that keeps only the newest number',
      { kind: 'older', after: '9', upTo: '12', count: null },
      backup('9'),
      running(['12']),
    ],
    ['the same, the other way', { kind: 'newer', newest: '12', running: '9' }, backup('12'), running(['9'])],
    ['hashes have no order (Alembic)', { kind: 'unknown' }, backup('a1b2'), running(['c3d4'])],
    ['another tool', { kind: 'unknown' }, backup('1', 1, '1', 'knex_migrations'), running(['1'])],
    ['no bookkeeping, the same image', { kind: 'fits' }, backup(null), running(null)],
    ['no bookkeeping, another image', { kind: 'unknown' }, backup(null), running(null, '2')],
    ['bookkeeping that could not be read now', { kind: 'unknown' }, backup('1'), running(null)],
    ['a backup of which nobody wrote anything down', { kind: 'unknown' }, undefined, running(['1'])],
    ['an application that does not answer', { kind: 'unknown' }, backup('1'), undefined],
  ])('%s', (_, fit, then, now) => {
    expect(versionFit(then, now)).toEqual(fit);
  });

  it('it fits only with the very same migrations, and what is missing is counted', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9_]{1,8}$/), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(ids, fc.nat(), (all, cut) => {
        const had = 1 + (cut % all.length);
        const fit = versionFit(backup(all[had - 1] ?? '', had), running(all));
        const missing = all.length - had;
        expect(fit).toEqual(
          missing === 0 ? { kind: 'fits' } : { kind: 'older', after: all[had - 1], upTo: all.at(-1), count: missing },
        );
      }),
    );
  });
});
