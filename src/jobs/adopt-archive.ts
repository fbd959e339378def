import type { DumpTask } from '../domain/dump.ts';
import { permanent } from '../domain/errors.ts';
import { archiveHeader, majorOf, plainVersion } from './archive-header.ts';
import type { Read } from './read-archive.ts';

/**
 * What the head of somebody else's archive says, once it was read whole.
 * @throws PitcrewError `adopt.*` with why it is no backup of this environment's database
 */
export function adoptable(
  read: Read,
  { key, major }: DumpTask,
): { readonly database: string; readonly serverVersion: string; readonly clientVersion: string } {
  const header = archiveHeader(read.first);
  if (!header) throw permanent('adopt.foreign', { key });
  const versions = { archive: plainVersion(header.clientVersion), server: major };
  // What a newer pg_dump wrote, the server's own pg_restore can't read, or the server doesn't understand.
  if (majorOf(header.clientVersion) > major || majorOf(header.serverVersion) > major)
    throw permanent('adopt.newer', { key, ...versions });
  if (read.outcome === 'ends-early') throw permanent('adopt.truncated', { key });
  if (read.outcome === 'unreadable') throw permanent('adopt.damaged', { key });
  return {
    database: header.database,
    serverVersion: plainVersion(header.serverVersion),
    clientVersion: plainVersion(header.clientVersion),
  };
}
