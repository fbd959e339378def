import type { Block, Choice, Element, View } from './control.ts';

/** What a person puts into a modal: by block id; a text, the value of an option, or the values of several. */
export type Answers = Readonly<Record<string, string | readonly string[]>>;

export type StateValues = Record<string, Record<string, Readonly<Record<string, unknown>>>>;

/**
 * A modal's `state.values` as Slack sends them: what was answered, else what the view had set as initial.
 * `asThePage` leaves untouched fields empty even where the view has an initial value, as local-slack's web page does.
 * @throws where Slack's client would not let go of the modal: an unknown block or option, a required field left empty.
 */
export function stateValues(view: View, answers: Answers, { asThePage = false } = {}): StateValues {
  const inputs = view.blocks.filter((block) => block.type === 'input' && block.element);
  for (const id of Object.keys(answers)) {
    if (!inputs.some((block) => block.block_id === id)) {
      throw new Error(`the modal has no input "${id}", only ${inputs.map((block) => block.block_id).join(', ')}`);
    }
  }
  const values: StateValues = {};
  for (const block of inputs) {
    const { element, block_id: blockId } = block;
    if (!element?.action_id || !blockId) throw new Error('the driver needs a block_id and an action_id on every input');
    const answer = answers[blockId];
    const value = answer === undefined ? untouched(element, asThePage) : answered(element, answer);
    if (value && !isEmpty(value)) values[blockId] = { [element.action_id]: value };
    else if (!block.optional && !asThePage) throw new Error(`the modal wants an answer to "${labelOf(block)}"`);
  }
  return values;
}

function answered(element: Element, answer: string | readonly string[]): Readonly<Record<string, unknown>> {
  const { type } = element;
  const many = typeof answer === 'string' ? [answer] : answer;
  const only = many[0] ?? '';
  switch (type) {
    case 'plain_text_input':
      return { type, value: only };
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: choice(element, only) };
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: many.map((value) => choice(element, value)) };
    case 'datepicker':
      return { type, selected_date: only };
    case 'timepicker':
      return { type, selected_time: only };
    default:
      throw new Error(`local-slack has no input of the type ${type}`);
  }
}

function untouched(element: Element, asThePage: boolean): Readonly<Record<string, unknown>> | undefined {
  if (asThePage) return undefined;
  const { type } = element;
  if (element.initial_value !== undefined) return { type, value: element.initial_value };
  if (element.initial_option) return { type, selected_option: element.initial_option };
  if (element.initial_options) return { type, selected_options: element.initial_options };
  if (element.initial_date) return { type, selected_date: element.initial_date };
  if (element.initial_time) return { type, selected_time: element.initial_time };
  return undefined;
}

/** The option of a menu with that value. */
export function choice(element: Element, value: string): Choice {
  const found = element.options?.find((option) => option.value === value);
  if (found) return found;
  throw new Error(`"${value}" is not offered, only ${element.options?.map((option) => option.value).join(', ')}`);
}

const isEmpty = (value: Readonly<Record<string, unknown>>) =>
  value.value === '' || (Array.isArray(value.selected_options) && value.selected_options.length === 0);

const labelOf = (block: Block) => block.label?.text ?? block.block_id ?? '';
