import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { languageOf } from '../../domain/people.ts';
import { reportTexts as texts } from '../../messages/report.ts';
import { document, exits, type Session } from '../terminal.ts';

/**
 * The report of one operation, kept in the ledger's bucket: shown, or written into a folder with its picture.
 * @throws PitcrewError `request.unknown-id`, `ledger.*`; what the file system says where the folder can't be written to
 */
export async function report(session: Session, operation: string, folder?: string): Promise<number> {
  const { terminal, io, locale, json } = session;
  const { summary, place, markdown, picture } = await terminal.report(operation, languageOf(locale));
  const files: string[] = [];
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    for (const [ending, bytes] of [
      ['md', markdown],
      ['png', picture],
    ] as const) {
      const file = join(folder, `${operation}.${ending}`);
      await writeFile(file, bytes);
      files.push(file);
    }
  }
  if (json) document(session, { operation, summary, place, files });
  else if (folder === undefined) io.out(new TextDecoder().decode(markdown).trimEnd());
  else io.out(texts.written(locale, { files: files.join(', '), place }));
  return exits.succeeded;
}
