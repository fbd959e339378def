import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveHeader, majorOf, plainVersion } from './archive-header.ts';

/** A head as pg_dump writes it (PostgreSQL sources, pg_backup_archiver.c, `WriteHead`). */
function head(minor: number, database: string, server: string, client: string, format = 1): Buffer {
  const integer = (value: number) => Buffer.from([0, value & 255, (value >> 8) & 255, (value >> 16) & 255, 0]);
  const text = (value: string) => Buffer.concat([integer(Buffer.byteLength(value)), Buffer.from(value)]);
  return Buffer.concat([
    Buffer.from('PGDMP'),
    Buffer.from([1, minor, 0, 4, 8, format]),
    minor >= 15 ? Buffer.from([1]) : integer(1),
    ...[12, 30, 3, 20, 10, 126, 0].map(integer),
    text(database),
    text(server),
    text(client),
  ]);
}

describe('the head of an archive', () => {
  it('says database and versions, in the form of PostgreSQL 12 to 15, of 16, and of 17', () => {
    for (const minor of [14, 15, 16])
      expect(archiveHeader(head(minor, 'shop', '15.4 (Debian 15.4-1)', '17.2'))).toEqual({
        format: `1.${minor}`,
        database: 'shop',
        serverVersion: '15.4 (Debian 15.4-1)',
        clientVersion: '17.2',
      });
    expect(plainVersion('15.4 (Debian 15.4-1)')).toBe('15.4');
    expect(majorOf('9.6.24')).toBe(9);
  });

  it('is none where it is cut off, of a directory or a tar, or of anything else', () => {
    const whole = head(14, 'shop', '15.4', '15.4');
    for (let length = 0; length < whole.length; length++)
      expect(archiveHeader(whole.subarray(0, length)), `${length} bytes`).toBeUndefined();
    expect(archiveHeader(head(14, 'shop', '15.4', '15.4', 3))).toBeUndefined();
  });

  it('any bytes are read without harm', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.boolean(), (given, withMagic) => {
        archiveHeader(withMagic ? Buffer.concat([Buffer.from('PGDMP'), given]) : given);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.constantFrom(14, 15, 16), (database, minor) => {
        expect(archiveHeader(head(minor, database, '16.1', '16.2'))?.database).toBe(Buffer.from(database).toString());
      }),
    );
  });
});
