import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DumpManifest, manifestOf } from './dump.ts';

const manifest: DumpManifest = {
  ...{ v: 1, operation: 'op-0123456789ab', environment: 'production', bucket: 'backups', key: 'a.dump' },
  ...{ versionId: null, sizeBytes: 1, sha256: 'a'.repeat(64), database: 'shop', serverVersion: '15.4' },
  ...{ clientVersion: '15.4', resourceId: 'db-ABC', at: '2026-11-20T03:14:00.000Z', counts: null, adopted: true },
  needs: {
    shape: { encoding: 'UTF8', collation: 'C', ctype: 'C', provider: null, locale: null },
    owner: 'shop_admin',
    owners: { shop_admin: 7 },
    roles: ['shop_admin', 'shop_app'],
    extensions: [{ name: 'pgcrypto', version: '1.3', schema: 'public' }],
    settings: [{ role: null, setting: 'search_path="$user", public' }],
    roleSettings: [{ role: 'shop_app', setting: 'statement_timeout=30s' }],
    grants: [{ role: 'shop_app', privilege: 'CONNECT', grantable: false }],
  },
  databaseBytes: 12_345_678,
};

const later = ['needs', 'databaseBytes'];

it('a manifest is whole or none: one that lacks a field, or has nonsense in it, is not believed', () => {
  expect(manifestOf(JSON.stringify(manifest))).toEqual(manifest);
  for (const field of Object.keys(manifest).filter((name) => !later.includes(name)))
    expect(manifestOf(JSON.stringify({ ...manifest, [field]: undefined })), field).toBeUndefined();
  for (const wrong of [{ v: 2 }, { sha256: 'abc' }, { sizeBytes: -1 }, { counts: { orders: 'many' } }, { at: 'then' }])
    expect(manifestOf(JSON.stringify({ ...manifest, ...wrong })), JSON.stringify(wrong)).toBeUndefined();
});

it('a manifest of before anybody asked what a dump needs is believed, and says that nobody asked', () => {
  const { needs: _, databaseBytes: __, ...before } = manifest;
  expect(manifestOf(JSON.stringify(before))).toEqual({ ...manifest, needs: null, databaseBytes: null });
  for (const needs of [
    7,
    {},
    { ...manifest.needs, roles: 'all' },
    { ...manifest.needs, settings: [{ role: null, setting: 'x' }] },
    { ...manifest.needs, roleSettings: [{ role: null, setting: 'x=1' }] },
  ])
    expect(manifestOf(JSON.stringify({ ...manifest, needs })), JSON.stringify(needs)).toBeUndefined();
});

it('a manifest of before roles’ settings were written down is believed, and says that nobody looked for them', () => {
  const { roleSettings: _, ...needs } = manifest.needs ?? never();
  expect(manifestOf(JSON.stringify({ ...manifest, needs }))?.needs).toEqual({ ...needs, roleSettings: null });
});

function never(): never {
  throw new Error('it has needs');
}

it('any text is read without harm', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void manifestOf(text)));
});
