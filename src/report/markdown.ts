/** Text from outside as Markdown shows it literally; one line. */
export function literal(text: string, within = false): string {
  const line = text.replaceAll(/\s+/g, ' ');
  // An underscore inside a word formats nothing (CommonMark, "Emphasis"): names stay readable.
  return (within ? line : line.trim())
    .replaceAll(/[\\`*{}[\]<>#|~]/g, (sign) => `\\${sign}`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

/** As code, whatever it holds: a fence longer than any run of backticks in it (CommonMark, "Code spans"). */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '¦');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `\`${line || ' '}\``;
}

/** What the catalogue says in Slack's marks, as plain Markdown: code stays code, bold is not said twice. */
export const fromCatalogue = (text: string): string =>
  text
    .split(/(`[^`\n]+`)/)
    .map((part, at) =>
      at % 2 === 1 ? code(part.slice(1, -1)) : literal(part.replaceAll(/\*(\S[^*]*?\S|\S)\*/g, '$1'), true),
    )
    .join('');

/** A table; none without rows. Cells come in ready for Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell || ' ').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

export const bullets = (items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [...items.map((item) => `- ${item}`), ''];
