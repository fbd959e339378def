/** So long may a condition be: where rows are copied by it, it is shown on the card that people approve. */
export const longestCondition = 1000;

export type ConditionFault =
  | 'empty'
  | 'too-long'
  | 'semicolon'
  | 'comment'
  | 'parentheses'
  | 'quotes'
  | 'dollar'
  | 'escape-string'
  | 'escaped-name'
  | 'control-character';

/**
 * Why this text can't stand between two parentheses as one expression, whatever the server's parser makes of it; or
 * undefined. PostgreSQL then says whether it is an expression (verification/condition.ts): this only makes sure that it is
 * nothing more, and that a function's name stands right before its bracket, as it is. What SQL
 * quotes is skipped as the lexer does (PostgreSQL manual, "Lexical Structure"), with standard_conforming_strings on;
 * strings in which a backslash could hide a quote, and dollar quotes, aren't taken at all.
 */
export function conditionFault(text: string): ConditionFault | undefined {
  if (text.trim() === '') return 'empty';
  if (text.length > longestCondition) return 'too-long';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are refused, but for tab and line ends
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) return 'control-character';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const two = text.slice(at, at + 2);
    if (character === ';') return 'semicolon';
    if (character === '$') return 'dollar';
    if (two === '--' || two === '/*' || two === '*/') return 'comment';
    if (character === '(') depth++;
    if (character === ')' && --depth < 0) return 'parentheses';
    if (character === "'" || character === '"') {
      if (character === "'" && /(^|[^\p{L}\p{N}_])e$/iu.test(text.slice(0, at))) return 'escape-string';
      if (character === '"' && /u&$/i.test(text.slice(0, at))) return 'escaped-name';
      const end = endOfQuoted(text, at, character);
      if (end === undefined) return 'quotes';
      at = end;
    }
  }
  return depth === 0 ? undefined : 'parentheses';
}

/** Where what begins here is closed; a doubled quote is one of its characters. */
function endOfQuoted(text: string, from: number, quote: string): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== quote) continue;
    if (text[at + 1] !== quote) return at;
    at++;
  }
  return undefined;
}
