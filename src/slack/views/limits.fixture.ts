// Slack's documented limits, checked on what comes out, apart from the code that keeps to them.

type Json = Record<string, unknown>;
const textOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Everything in a message that Slack would refuse, or show broken. */
export function faultsOfMessage({
  text,
  blocks,
}: {
  readonly text: string;
  readonly blocks: readonly unknown[];
}): string[] {
  const faults: string[] = [];
  if (text.trim() === '' || text.length > 4000) faults.push(`fallback of ${text.length} characters`);
  if (text.includes('<!')) faults.push('a fallback that calls a group');
  if (blocks.length === 0 || blocks.length > 50) faults.push(`${blocks.length} blocks`);
  return [...faults, ...faultsOfBlocks(list(blocks), false)];
}

/** A view of the Web API: a modal, or somebody's Home tab. */
export const faultsOfView = (view: object): string[] =>
  (view as Json).type === 'home' ? faultsOfHome(view) : faultsOfModal(view);

function faultsOfHome(view: object): string[] {
  const { private_metadata: metadata = '', callback_id: callback = '', blocks, ...rest } = view as Json;
  const faults: string[] = [];
  if (String(metadata).length > 3000) faults.push('private_metadata');
  if (String(callback).length > 255) faults.push('callback_id');
  if (list(blocks).length === 0 || list(blocks).length > 100) faults.push(`${list(blocks).length} blocks`);
  const strangers = Object.keys(rest).filter((name) => name !== 'type');
  if (strangers.length > 0) faults.push(`fields that a Home tab doesn't have: ${strangers.join(', ')}`);
  return [...faults, ...faultsOfBlocks(list(blocks), false)];
}

/** Ids are unique over a message or view: by them Slack says what was pressed and filled in. */
function faultsOfBlocks(blocks: readonly Json[], inModal: boolean): string[] {
  const faults = blocks.flatMap((block) => faultsOfBlock(block, inModal));
  const ids = blocks.flatMap(({ block_id: id }) => (id === undefined ? [] : [id]));
  if (new Set(ids).size < ids.length) faults.push('a block_id twice');
  const actions = blocks.flatMap(({ elements, type }) =>
    type === 'actions' ? list(elements).map(({ action_id: id }) => id) : [],
  );
  if (new Set(actions).size < actions.length) faults.push('an action_id twice');
  return faults;
}

/** What a call of the Web API carries to people, as it goes over the wire; nothing where it carries nothing. */
export function faultsOfCall(method: string, body: Json): string[] {
  const whole = (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value);
  switch (method) {
    case 'chat.postMessage':
    case 'chat.update':
    case 'chat.postEphemeral':
    case 'response_url':
      return [
        ...faultsOfMessage({ text: String(body.text ?? ''), blocks: list(whole(body.blocks)) }),
        ...faultsOfMetadata(textOf(whole(body.metadata))),
      ];
    case 'views.open':
    case 'views.update':
    case 'views.publish':
      return faultsOfView(textOf(whole(body.view)));
    default:
      return [];
  }
}

/** docs.slack.dev, "Message metadata": a type of word characters, a payload of at most 8 KB. */
function faultsOfMetadata(metadata: Json): string[] {
  if (Object.keys(metadata).length === 0) return [];
  const { event_type: type, event_payload: payload } = metadata;
  const faults = /^[\w-]{1,255}$/.test(String(type)) ? [] : ['metadata: event_type'];
  if (JSON.stringify(payload ?? {}).length > 8192) faults.push('metadata: event_payload');
  return faults;
}

export function faultsOfModal(view: object): string[] {
  const { title, submit, close, private_metadata: metadata, callback_id: callback, blocks } = view as Json;
  const faults: string[] = [];
  for (const [name, part] of Object.entries({ title, submit, close }))
    if (part !== undefined) faults.push(...plain(part, 24).map((fault) => `${name}: ${fault}`));
  if (String(metadata).length > 3000) faults.push('private_metadata');
  if (String(callback).length > 255) faults.push('callback_id');
  if (list(blocks).length === 0 || list(blocks).length > 100) faults.push('blocks');
  if (list(blocks).some(({ type }) => type === 'input') && submit === undefined) faults.push('input without submit');
  return [...faults, ...faultsOfBlocks(list(blocks), true)];
}

function faultsOfBlock(block: Json, inModal: boolean): string[] {
  const at = (faults: readonly string[]) => faults.map((fault) => `${block.type}: ${fault}`);
  if (block.block_id !== undefined && String(block.block_id).length > 255) return at(['block_id']);
  switch (block.type) {
    case 'header':
      return at(plain(block.text, 150));
    case 'section': {
      const fields = list(block.fields);
      if (block.text === undefined && fields.length === 0) return at(['empty']);
      if (fields.length > 10) return at([`${fields.length} fields`]);
      return at([...(block.text ? mrkdwn(block.text, 3000) : []), ...fields.flatMap((field) => mrkdwn(field, 2000))]);
    }
    case 'context': {
      const elements = list(block.elements);
      if (elements.length === 0 || elements.length > 10) return at(['elements']);
      return at(elements.flatMap((element) => mrkdwn(element, 2000)));
    }
    case 'divider':
      return [];
    case 'actions': {
      const elements = list(block.elements);
      const ids = new Set(elements.map(({ action_id: id }) => id));
      if (elements.length === 0 || elements.length > 25 || ids.size < elements.length) return at(['elements']);
      return at(elements.flatMap(faultsOfButton));
    }
    case 'input':
      return at(inModal ? faultsOfInput(block) : ['not in a message of ours']);
    default:
      return at(['unknown block']);
  }
}

function faultsOfButton({ type, text, value, action_id: id, style, confirm }: Json): string[] {
  if (type !== 'button') return ['not a button'];
  const faults = plain(text, 75);
  if (style !== undefined && style !== 'primary' && style !== 'danger') faults.push('style');
  if (confirm !== undefined) faults.push(...faultsOfConfirm(textOf(confirm)).map((fault) => `confirm: ${fault}`));
  if (String(value).length === 0 || String(value).length > 2000) faults.push('value');
  if (String(id).length === 0 || String(id).length > 255) faults.push('action_id');
  return faults;
}

function faultsOfConfirm({ title, text, confirm, deny, style }: Json): string[] {
  const faults = [...plain(title, 100), ...plain(text, 300), ...plain(confirm, 30), ...plain(deny, 30)];
  if (style !== undefined && style !== 'primary' && style !== 'danger') faults.push('style');
  return faults;
}

function faultsOfInput({ label, hint, element }: Json): string[] {
  const {
    type,
    options,
    placeholder,
    initial_option: initial,
    max_length: most,
    initial_value: value,
    action_id: id,
  } = textOf(element);
  const faults = [
    ...plain(label, 2000),
    ...(hint ? plain(hint, 2000) : []),
    ...(placeholder ? plain(placeholder, 150) : []),
  ];
  if (value !== undefined && String(value).length > Number(most ?? 3000)) faults.push('initial_value');
  if (most !== undefined && (Number(most) < 1 || Number(most) > 3000)) faults.push('max_length');
  if (String(id).length === 0 || String(id).length > 255) faults.push('action_id');
  if (type === 'plain_text_input') return faults;
  if (type !== 'static_select') return [...faults, `an element of the type ${String(type)}`];
  const all = list(options);
  if (all.length === 0 || all.length > 100) faults.push(`${all.length} options`);
  for (const { text, value: chosen, description } of all) {
    faults.push(...plain(text, 75), ...(description ? plain(description, 75) : []));
    if (String(chosen).length === 0 || String(chosen).length > 150) faults.push('option value');
  }
  if (initial !== undefined && !all.some((one) => JSON.stringify(one) === JSON.stringify(initial)))
    faults.push('initial_option');
  return faults;
}

function plain(part: unknown, most: number): string[] {
  const { type, text } = textOf(part);
  if (type !== 'plain_text') return ['not plain text'];
  return length(String(text), most);
}

function mrkdwn(part: unknown, most: number): string[] {
  const { type, text } = textOf(part);
  if (type !== 'mrkdwn') return ['not mrkdwn'];
  const shown = String(text);
  const faults = length(shown, most);
  if (/&(?!(?:amp|lt|gt);)/.test(shown)) faults.push(`an & that is no escape: ${shown.slice(0, 200)}`);
  const rest = shown.replaceAll(
    /<(?:@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|!subteam\^S[A-Z0-9]+|https?:[^<>|]+\|[^<>|]+)>/g,
    '',
  );
  if (/[<>]/.test(rest)) faults.push(`an angle bracket that is no mention or link: ${rest.slice(0, 200)}`);
  return faults;
}

function length(text: string, most: number): string[] {
  if (text.trim() === '') return ['empty text'];
  if (text.length > most) return [`${text.length} characters`];
  // Half of a surrogate pair would be shown as a replacement character.
  return text.isWellFormed() ? [] : ['half a character'];
}
