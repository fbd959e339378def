import type { Block, Message } from '../slack/views/blocks.ts';

/**
 * A card as plain text for a terminal: the same words in the same order, without the marks of Slack's formatting. What
 * people press there has its own words here, so buttons are left out.
 */
export function cardText({ blocks }: Message): string {
  return blocks
    .map(blockText)
    .filter((text) => text !== '')
    .join('\n\n');
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'header':
      return `== ${block.text.text} ==`;
    case 'section':
      return [...(block.text ? [block.text] : []), ...(block.fields ?? [])]
        .map(({ text }) => plainText(text))
        .join('\n\n');
    case 'context':
      return block.elements.map(({ text }) => plainText(text)).join('\n');
    case 'divider':
      return '--';
    case 'actions':
    case 'input':
      return '';
    default: {
      const never: never = block;
      return never;
    }
  }
}

/** Slack's mrkdwn without its marks (docs.slack.dev, "Formatting text"). What stands as code is taken as it is. */
export function plainText(mrkdwn: string): string {
  const parts = mrkdwn.split(/(```[\s\S]*?```|`[^`\n]+`)/);
  return parts
    .map((part, index) => unescaped(index % 2 === 1 ? part.replace(/^`+|`+$/g, '') : unmarked(part)))
    .join('')
    .replace(/\u2060/g, '');
}

const unmarked = (text: string) =>
  text
    .replace(/<(https?:[^|>]+)\|([^>]*)>/g, '$2 ($1)')
    .replace(/<[@#]([^|>]+)>/g, '@$1')
    .replace(/<!subteam\^([^|>]+)>/g, '@$1')
    // A mark with a word joiner beside it is a letter of somebody's own text: views/mrkdwn.ts puts it there.
    .replace(/(?<!\u2060)\*(?!\u2060)/g, '')
    .replace(/(^|\s)_([^_\n]+)_(?=\s|$)/gm, '$1$2');

const unescaped = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
