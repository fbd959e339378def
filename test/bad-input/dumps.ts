import type { DumpManifest } from '../../src/domain/dump.ts';
import { manifestKey } from '../../src/domain/dump.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Case, Group } from './cases.ts';
import type { Circumstances } from './ground.ts';

const bucket = 'ecommerce-backups';
const good = 'database/production/op-aaaaaaaaaaaa.dump';
const bytes = 'PGDMP';

const manifest: DumpManifest = {
  ...{ v: 1, operation: 'op-aaaaaaaaaaaa', environment: 'production', bucket, key: good, versionId: null },
  ...{ sizeBytes: bytes.length, sha256: 'a'.repeat(64), database: 'ecommerce', serverVersion: '15.4' },
  ...{ clientVersion: '15.4', resourceId: 'db-1', at: '2026-11-20T02:31:00.000Z', counts: null, adopted: false },
  ...{ databaseBytes: null, needs: null },
};
const lying = (over: Partial<DumpManifest> = {}): Circumstances => ({
  objects: { [good]: bytes, [manifestKey(good)]: JSON.stringify({ ...manifest, ...over }) },
});

const restored = (input: string, code: string, args: JsonObject, circumstances: Circumstances = {}): Case => ({
  input,
  code,
  ask: (ground) => ground.refusal(args, circumstances),
});
const adopted = (input: string, code: string, object: string, circumstances: Circumstances = {}): Case => ({
  input: `\`adopt production ${object}\`${input}`,
  code,
  ask: (ground) => ground.refusal({ object }, circumstances, 'adopt'),
});

const modes = [{}, { mode: 'beside' }, { mode: 'in-place' }] as const;
const flag = (mode?: string) => (mode === undefined ? '' : ` --${mode}`);

/** The same object is as unfit for each of the three ways in which a dump comes back. */
const inEveryMode = (what: string, code: string, from: string, circumstances: Circumstances = {}): readonly Case[] =>
  modes.map((chosen) =>
    restored(
      `\`--from ${from}${flag('mode' in chosen ? chosen.mode : undefined)}\`${what}`,
      code,
      { from, ...chosen },
      circumstances,
    ),
  );

export const dumps: Group = {
  title: 'Dumps: restored on an instance of their own, beside, in place; taken in',
  cases: [
    ...inEveryMode('', 'dump.gone', 'database/production/op-00000000000f.dump'),
    ...inEveryMode('', 'adopt.outside', 's3://somebody-elses/database/a.dump'),
    restored('`--from elsewhere/a.dump`', 'adopt.outside', { from: 'elsewhere/a.dump' }),
    restored('`--from database/`', 'adopt.no-dump', { from: 'database/' }),
    restored('`--from s3://`', 'adopt.outside', { from: 's3://' }),
    restored('`--from` a manifest', 'adopt.no-dump', { from: manifestKey(good) }),
    restored('`--from` an object without a byte', 'adopt.empty', { from: good }, { objects: { [good]: '' } }),
    ...inEveryMode(', which has no manifest', 'load.no-manifest', good, { objects: { [good]: bytes } }),
    ...inEveryMode(', of another environment', 'load.of-other-environment', good, lying({ environment: 'staging' })),
    ...inEveryMode(', whose bytes were replaced', 'load.replaced', good, lying({ sizeBytes: 9_000_000 })),
    ...inEveryMode(', made by PostgreSQL 99', 'load.server-older', good, lying({ serverVersion: '99.1' })),
    restored(
      '`--from database/production/op-00000000000f.dump`, and the config says nothing of dumps',
      'dump.not-configured',
      { from: 'database/production/op-00000000000f.dump' },
      { production: { dumps: undefined } },
    ),
    adopted('', 'dump.gone', 'database/backup-20261120.dump'),
    adopted('', 'adopt.outside', 's3://somebody-elses/database/backup-20261120.dump'),
    adopted('', 'adopt.no-dump', 'database/'),
    adopted('', 'adopt.outside', 'backup-20261120.dump'),
    adopted(', which has no byte', 'adopt.empty', good, { objects: { [good]: '' } }),
    adopted(', which has a manifest', 'adopt.has-manifest', good, lying()),
  ],
};
