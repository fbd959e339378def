import type { S3 } from '../clients/s3.ts';
import { permanent } from '../domain/errors.ts';
import type { DumpPoint } from '../domain/restore.ts';
import { askArchive } from './ask-archive.ts';

const longestMs = 60_000;

/**
 * The table of contents of a dump, an entry a line without its numbers: `TABLE public orders shop_app`. It stands at the
 * archive's beginning, so little of it is read.
 * @throws PitcrewError `dump.gone`, `load.unreadable`, `aws.*`
 */
export const archiveEntries =
  (s3: (region: string) => Pick<S3, 'head' | 'read'>) =>
  async (
    region: string,
    { bucket, key, versionId }: Pick<DumpPoint, 'bucket' | 'key' | 'versionId'>,
    program: string,
  ): Promise<readonly string[]> => {
    const here = s3(region);
    const head = await here.head({ bucket, key }, versionId);
    if (!head) throw permanent('dump.gone', { bucket, key });
    const entries: string[] = [];
    await askArchive(
      program,
      ['--list'],
      { kind: 's3', s3: here, bucket, head },
      {
        signal: AbortSignal.timeout(longestMs),
        take(line) {
          const [, entry] = /^\d+; \d+ \d+ (.*)$/.exec(line) ?? [];
          if (entry !== undefined) entries.push(entry);
        },
      },
    );
    return entries;
  };
