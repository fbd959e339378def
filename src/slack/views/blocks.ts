import type { HomeView, KnownBlock, ModalView } from '@slack/web-api';
import { cut, cutPlain, roomy } from './mrkdwn.ts';

/** Slack's limits, from docs.slack.dev "Block Kit" (reference of each block and element) and "chat.postMessage". */
export const limits = {
  blocksOfMessage: 50,
  blocksOfView: 100,
  section: 3000,
  fields: 10,
  field: 2000,
  header: 150,
  contextElements: 10,
  actionsElements: 25,
  button: 75,
  value: 2000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  options: 100,
  option: 75,
  optionValue: 150,
  placeholder: 150,
  label: 2000,
  title: 24,
  id: 255,
  privateMetadata: 3000,
  /** Slack keeps 40,000; a notification shows far less. */
  fallback: 3000,
} as const;

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: boolean;
}
export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
}
export interface Choice {
  readonly text: PlainText;
  readonly value: string;
  readonly description?: PlainText;
}
/** A question between a press and what it does. */
export interface Confirm {
  readonly title: PlainText;
  readonly text: PlainText;
  readonly confirm: PlainText;
  readonly deny: PlainText;
  readonly style?: 'primary' | 'danger';
}
export interface Button {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainText;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: Confirm;
}
export type InputElement =
  | {
      readonly type: 'plain_text_input';
      readonly action_id: string;
      readonly multiline?: boolean;
      readonly max_length?: number;
      readonly initial_value?: string;
      readonly placeholder?: PlainText;
    }
  | {
      readonly type: 'static_select';
      readonly action_id: string;
      readonly options: readonly Choice[];
      readonly initial_option?: Choice;
    };
export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text?: Mrkdwn; readonly fields?: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] }
  | { readonly type: 'divider' }
  | { readonly type: 'actions'; readonly block_id: string; readonly elements: readonly Button[] }
  | {
      readonly type: 'input';
      readonly block_id: string;
      readonly label: PlainText;
      readonly element: InputElement;
      readonly hint?: PlainText;
      readonly optional?: boolean;
    };

/** A message: the blocks, and the line that a notification and a screen reader say instead. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly Block[];
}
export interface Modal {
  readonly type: 'modal';
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: PlainText;
  readonly submit?: PlainText;
  readonly close: PlainText;
  readonly blocks: readonly Block[];
}

export interface Home {
  readonly type: 'home';
  readonly callback_id: string;
  readonly blocks: readonly Block[];
}

type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;
/** Our blocks as Slack's own types have them: what those don't allow doesn't compile. */
export const asKnownBlocks = (blocks: readonly Block[]): KnownBlock[] => blocks as Writable<readonly Block[]>;
export const asModalView = (view: Modal): ModalView => view as Writable<Modal>;
export const asHomeView = (view: Home): HomeView => view as Writable<Home>;

/** Slack takes no empty text. */
const never = (text: string) => (text.trim() === '' ? '–' : text);
const plainText = (text: string, most: number): PlainText => ({
  type: 'plain_text',
  text: cutPlain(never(text), most),
  emoji: true,
});
const mrkdwn = (text: string, most: number): Mrkdwn => ({ type: 'mrkdwn', text: cut(roomy(never(text)), most) });

export const header = (text: string): Block => ({ type: 'header', text: plainText(text, limits.header) });
export const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text, limits.section) });
export const context = (...texts: readonly string[]): Block => ({
  type: 'context',
  elements: texts.slice(0, limits.contextElements).map((text) => mrkdwn(text, limits.field)),
});
export const divider: Block = { type: 'divider' };

/** Two columns. What is past ten of them goes into sections of its own. */
export function columns(texts: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < texts.length; at += limits.fields)
    blocks.push({
      type: 'section',
      fields: texts.slice(at, at + limits.fields).map((text) => mrkdwn(text, limits.field)),
    });
  return blocks;
}

/** Lines in as many sections as they need; no line is torn apart unless it alone is too long. */
export function sections(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let held = '';
  for (const line of lines) {
    const joined = held === '' ? line : `${held}\n${line}`;
    if (joined.length > limits.section && held !== '') {
      blocks.push(section(held));
      held = line;
    } else held = joined;
  }
  return held === '' ? blocks : [...blocks, section(held)];
}

export function button(id: string, label: string, value: string, style?: Button['style'], confirm?: Confirm): Button {
  // A value that is cut would point elsewhere, so it may not be too long in the first place.
  if (value.length > limits.value || id.length > limits.id) throw new RangeError(`button ${id}: value or id too long`);
  return {
    type: 'button',
    action_id: id,
    text: plainText(label, limits.button),
    value: never(value),
    ...(style ? { style } : {}),
    ...(confirm ? { confirm } : {}),
  };
}

export function confirmation(
  said: { readonly title: string; readonly text: string; readonly yes: string; readonly no: string },
  style?: Confirm['style'],
): Confirm {
  return {
    title: plainText(said.title, limits.confirmTitle),
    text: plainText(said.text, limits.confirmText),
    confirm: plainText(said.yes, limits.confirmButton),
    deny: plainText(said.no, limits.confirmButton),
    ...(style ? { style } : {}),
  };
}

export const actions = (id: string, buttons: readonly Button[]): Block => ({
  type: 'actions',
  block_id: cutPlain(id, limits.id),
  elements: buttons.slice(0, limits.actionsElements),
});

/** A choice of a menu; `undefined` where its value is too long to come back whole. */
export function choice(label: string, value: string, description?: string): Choice | undefined {
  if (value === '' || value.length > limits.optionValue) return undefined;
  return {
    text: plainText(label, limits.option),
    value,
    ...(description ? { description: plainText(description, limits.option) } : {}),
  };
}

interface Asked {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
}

const input = ({ id, label, hint, optional }: Asked, element: InputElement): Block => ({
  type: 'input',
  block_id: id,
  label: plainText(label, limits.label),
  element,
  ...(hint ? { hint: plainText(hint, limits.label) } : {}),
  ...(optional ? { optional } : {}),
});

export function textInput(
  asked: Asked & { placeholder?: string; multiline?: boolean; most?: number; initial?: string },
): Block {
  return input(asked, {
    type: 'plain_text_input',
    action_id: 'value',
    ...(asked.multiline ? { multiline: true } : {}),
    ...(asked.most ? { max_length: asked.most } : {}),
    ...(asked.initial ? { initial_value: cutPlain(asked.initial, asked.most ?? limits.section) } : {}),
    ...(asked.placeholder ? { placeholder: plainText(asked.placeholder, limits.placeholder) } : {}),
  });
}

/** The first choice is the initial one unless `initial` names another. */
export function selectInput(asked: Asked & { choices: readonly (Choice | undefined)[]; initial?: string }): Block {
  const options = asked.choices.filter((one) => one !== undefined).slice(0, limits.options);
  const initial = options.find(({ value }) => value === asked.initial) ?? options[0];
  return input(asked, {
    type: 'static_select',
    action_id: 'value',
    options,
    ...(initial ? { initial_option: initial } : {}),
  });
}

/** A whole message within the limits: what is past the fiftieth block is left out, and that is said. */
export function message(text: string, blocks: readonly Block[], more = '…'): Message {
  // The fallback is read as mrkdwn: nothing in it may call everybody.
  const fallback = never(text).replaceAll('<!', '&lt;!');
  return { text: cutPlain(fallback, limits.fallback), blocks: fitting(blocks, limits.blocksOfMessage, more) };
}

export interface ModalParts {
  readonly id: string;
  readonly title: string;
  readonly close: string;
  readonly submit?: string;
  /** Comes back with the submission. Whoever opens the modal could read it: pointers only. */
  readonly carries?: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
}

export function modal({ id, title, close, submit, carries = {}, blocks }: ModalParts): Modal {
  const metadata = JSON.stringify(carries);
  if (metadata.length > limits.privateMetadata) throw new RangeError(`modal ${id}: private_metadata too long`);
  return {
    type: 'modal',
    callback_id: id,
    private_metadata: metadata,
    title: plainText(title, limits.title),
    close: plainText(close, limits.title),
    ...(submit ? { submit: plainText(submit, limits.title) } : {}),
    blocks: fitting(blocks, limits.blocksOfView, '…'),
  };
}

export const home = (id: string, blocks: readonly Block[]): Home => ({
  type: 'home',
  callback_id: id,
  blocks: fitting(blocks, limits.blocksOfView, '…'),
});

/** Buttons are what people act by: when blocks must go, the last ones to go are those. */
function fitting(blocks: readonly Block[], most: number, more: string): readonly Block[] {
  if (blocks.length <= most) return blocks;
  const buttons = blocks.filter(({ type }) => type === 'actions').slice(0, most - 2);
  const rest = blocks.filter(({ type }) => type !== 'actions').slice(0, most - 1 - buttons.length);
  return [...rest, context(more), ...buttons];
}
