const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text from outside, harmless in mrkdwn: the three characters that Slack asks to escape (docs.slack.dev, "Formatting text"). */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Turns what can't be seen, and what turns the direction of writing, into nothing; joiners of emoji and scripts stay. */
const visible = (text: string) => text.replace(/[^\P{C}\s\u200c\u200d]/gu, '');

/** Text from outside on one line and without formatting of its own, so that nobody's reason looks like our words. */
export function quiet(text: string): string {
  return escaped(
    visible(text)
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[*_~`]/g, (mark) => `\u2060${mark}\u2060`),
  );
}

/** A name from outside within a text of ours: one with asterisks, as a schedule has them, becomes code. */
export const unformatted = (text: string) => (/[*~]/.test(text) && !text.includes('`') ? `\`${text}\`` : text);

export const bold = (mrkdwn: string) => `*${mrkdwn}*`;

/** A fact of a card: what it is called, and below it what there is to say. */
export const fact = (name: string, ...lines: readonly string[]) => [bold(name), ...lines].join('\n');

/** Inline code. A backtick can't be escaped within it, so what has one goes into a block of its own. */
export function code(text: string): string {
  const line = escaped(text.replace(/\s*\n\s*/g, ' '));
  if (line === '') return '';
  return line.includes('`') ? `\`\`\`${line}\`\`\`` : `\`${line}\``;
}

/** A Slack user, by id. What has not the shape of an id is shown as text. */
export const mention = (user: string) => (/^[UW][A-Z0-9]{2,}$/.test(user) ? `<@${user}>` : escaped(user));
export const groupMention = (group: string) => (/^S[A-Z0-9]{2,}$/.test(group) ? `<!subteam^${group}>` : escaped(group));
export const channelMention = (channel: string) =>
  /^[CG][A-Z0-9]{2,}$/.test(channel) ? `<#${channel}>` : escaped(channel);

/** A link; only to the web. */
export function link(url: string, label: string): string {
  return /^https?:\/\/[^\s<>|]+$/.test(url)
    ? `<${url.replaceAll('&', '&amp;')}|${escaped(label).replaceAll('|', '¦')}>`
    : escaped(label);
}

/** What may not be cut in two: an escape, a mention or link, a grapheme. */
function* unitsOf(text: string): Generator<string> {
  const whole = /&(?:amp|lt|gt);|<[^<>]*>/g;
  let from = 0;
  for (const match of text.matchAll(whole)) {
    for (const { segment } of graphemes.segment(text.slice(from, match.index))) yield segment;
    yield match[0];
    from = match.index + match[0].length;
  }
  for (const { segment } of graphemes.segment(text.slice(from))) yield segment;
}

/** At most `most` UTF-16 units, cut by grapheme, ending in `…`; code that was open is closed. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  const room = most - 4; // the ellipsis, and up to three backticks
  for (const unit of unitsOf(text)) {
    if (kept.length + unit.length > room) break;
    kept += unit;
  }
  const fences = kept.split('```').length - 1;
  if (fences % 2 === 1) return `${kept.replace(/`{1,2}$/, '')}…\`\`\``;
  const ticks = kept.replaceAll('```', '').split('`').length - 1;
  return ticks % 2 === 1 ? `${kept}…\`` : `${kept}…`;
}

/** Plain text, without mrkdwn: for headers, buttons, options and the fallback of a notification. */
export function cutPlain(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const eastAsian = /[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\ufe30-\uffef]/;

/**
 * Slack takes `*bold*` and `code` only where a space or ASCII punctuation stands around it; Chinese has none. So a space
 * is put between such a mark and an East Asian character.
 */
export function roomy(mrkdwn: string): string {
  return mrkdwn.replace(/```[\s\S]*?```|`[^`\n]*`|\*[^*\n]+\*/g, (marked, at: number) => {
    const before = eastAsian.test(mrkdwn[at - 1] ?? '') ? ' ' : '';
    const after = eastAsian.test(mrkdwn[at + marked.length] ?? '') ? ' ' : '';
    return `${before}${marked}${after}`;
  });
}
