/** What the head of an archive in pg_dump's custom format says. */
export interface ArchiveHeader {
  /** Of the format: `1.14`. */
  readonly format: string;
  readonly database: string;
  /** Of the server that was dumped, and of the pg_dump that did it, as they call themselves: `15.4 (Debian 15.4-1)`. */
  readonly serverVersion: string;
  readonly clientVersion: string;
}

/** Enough of an archive for its head: three texts and a few numbers. */
export const headBytes = 4096;

const magic = 'PGDMP';
const custom = 1;
/** Versions of the format since which the head has a field more (PostgreSQL sources, pg_backup_archiver.h, `K_VERS_…`). */
const since = { namedVersions: version(1, 10), algorithmByte: version(1, 15) };

function version(major: number, minor: number): number {
  return major * 1000 + minor;
}

/**
 * Reads the head of an archive (PostgreSQL sources, pg_backup_archiver.c, `ReadHead`). Undefined for whatever is no archive
 * in the custom format, or one of before PostgreSQL 8.4: any bytes may come.
 */
export function archiveHeader(bytes: Uint8Array): ArchiveHeader | undefined {
  const read = reader(bytes);
  if (Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') !== magic) return undefined;
  read.skip(magic.length);
  const [major, minor] = [read.byte(), read.byte()];
  read.skip(1);
  const integerBytes = read.byte();
  read.skip(1);
  if (read.byte() !== custom || integerBytes < 1 || integerBytes > 8) return undefined;
  const format = version(major, minor);
  if (format < since.namedVersions) return undefined;
  if (format >= since.algorithmByte) read.skip(1);
  else read.integer(integerBytes);
  for (let field = 0; field < 7; field++) read.integer(integerBytes); // When it was made, in a time zone that it doesn't say.
  const database = read.text(integerBytes);
  const serverVersion = read.text(integerBytes);
  const clientVersion = read.text(integerBytes);
  if (read.past() || !/^\d/.test(serverVersion) || !/^\d/.test(clientVersion)) return undefined;
  return { format: `${major}.${minor}`, database, serverVersion, clientVersion };
}

function reader(bytes: Uint8Array) {
  let at = 0;
  const byte = () => bytes[at++] ?? 0;
  const integer = (size: number) => {
    const sign = byte() === 0 ? 1 : -1;
    let value = 0;
    for (let place = 0; place < size; place++) value += byte() * 256 ** place;
    return sign * value;
  };
  return {
    byte,
    integer,
    skip(count: number) {
      at += count;
    },
    text(size: number) {
      const length = integer(size);
      if (length < 0 || length > bytes.length) {
        at = bytes.length + 1;
        return '';
      }
      at += length;
      return Buffer.from(bytes.subarray(at - length, at)).toString('utf8');
    },
    /** More was asked for than there is. */
    past: () => at > bytes.length,
  };
}

/** The major version in `15.4 (Debian 15.4-1)`. */
export const majorOf = (version: string) => Number.parseInt(version, 10);
/** `15.4` out of `15.4 (Debian 15.4-1)`. */
export const plainVersion = (version: string) => version.split(' ')[0] ?? version;
