/** Marks that open a quotation, with those that close it. Phones and Chinese keyboards type their own. */
const quotes: Readonly<Record<string, string>> = {
  '"': '"”“',
  "'": "'’‘",
  '“': '”"“',
  '‘': "’'‘",
  '「': '」',
  '『': '』',
};

export type Words = { readonly words: readonly string[] } | { readonly open: true };

/** Divides a typed line into words as a shell would, without its dangers: quotes hold spaces together, nothing is expanded. */
export function wordsOf(line: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let closing: string | undefined;
  const signs = [...line];
  for (const [at, sign] of signs.entries()) {
    if (closing !== undefined) {
      // Followed by a letter it is an apostrophe: 'it's gone'.
      if (closing.includes(sign) && /^\s?$/.test(signs[at + 1] ?? '')) closing = undefined;
      else word = (word ?? '') + sign;
    } else if (Object.hasOwn(quotes, sign) && (word === undefined || word.endsWith('='))) {
      // Within a word an apostrophe is an apostrophe.
      closing = quotes[sign];
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  if (closing !== undefined) return { open: true };
  return { words: word === undefined ? words : [...words, word] };
}

/** What Slack escapes in the text of a slash command, as it was typed. */
export const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
