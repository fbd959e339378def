import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A block of code of the runbook, with the headings that it stands below: `Manual Backup / Create Manual Snapshot`. */
export interface Block {
  readonly heading: string;
  readonly language: string;
  readonly code: string;
}

const folder = new URL('../../docs/runbook/', import.meta.url);

export function runbookBlocks(language: 'en' | 'zh-TW'): readonly Block[] {
  const lines = readFileSync(fileURLToPath(new URL(`backup-restore.${language}.md`, folder)), 'utf8').split('\n');
  const headings: string[] = [];
  const blocks: Block[] = [];
  let open: { language: string; code: string[] } | undefined;
  for (const line of lines) {
    const fence = /^```(\w*)/.exec(line);
    if (fence && !open) open = { language: fence[1] ?? '', code: [] };
    else if (fence && open) {
      blocks.push({ heading: headings.slice(1).join(' / '), language: open.language, code: open.code.join('\n') });
      open = undefined;
    } else if (open) open.code.push(line);
    else {
      const [, level, title] = /^(#+) (.*)$/.exec(line) ?? [];
      if (level && title) headings.splice(level.length - 1, headings.length, title);
    }
  }
  return blocks;
}

/** What a block does, without comments and spaces at ends: the same in both languages. */
export const commandsOf = ({ code }: Block) =>
  code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(#|--)/.test(line))
    .join('\n');
