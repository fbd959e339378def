import { parse } from 'yaml';
import { z } from 'zod';
import type { Language } from '../domain/people.ts';
import { expected } from '../messages/config-expected.ts';
import { optionTexts } from '../messages/config-options.ts';
import { variableTexts } from '../messages/config-variables.ts';
import { notInForce } from './not-yet.ts';
import { settingsSchema } from './schema.ts';

/** One option or group of pitcrew.yaml, as the reference shows it. */
export interface Option {
  /** `environments.*.workloads[].namespace`: `*` is any name, `[]` an item of a list. */
  readonly path: string;
  /** It holds other options. */
  readonly isGroup: boolean;
  readonly required: boolean;
  readonly takes: string;
  /** As it is written in the file; empty where there is none. */
  readonly byDefault: string;
  readonly example: string;
}

type Node = z.core.JSONSchema.BaseSchema & { takes?: string; example?: string };
type Place = { readonly path: string; readonly node: Node; readonly required: boolean };

/** The schema as JSON Schema has it, with what each option takes in words. */
function tree(locale: Language): Node {
  return z.toJSONSchema(settingsSchema, {
    io: 'input',
    target: 'draft-07',
    override({ zodSchema, jsonSchema }) {
      const takes = z.globalRegistry.get(zodSchema)?.expected?.(locale);
      if (takes) Object.assign(jsonSchema, { takes });
    },
  }) as Node;
}

/** Every option in the order of the schema, groups before what is in them. An item that is a single value is told with its list. */
function* places(node: Node, path = '', required = true): Generator<Place> {
  if (path) yield { path, node, required };
  for (const [name, child] of Object.entries(node.properties ?? {}))
    yield* places(child as Node, path ? `${path}.${name}` : name, node.required?.includes(name) ?? false);
  if (typeof node.additionalProperties === 'object')
    yield* places(node.additionalProperties as Node, `${path}.*`, false);
  const { properties, required: needed = [] } = (node.items ?? {}) as Node;
  for (const [name, child] of Object.entries(properties ?? {}))
    yield* places(child as Node, `${path}[].${name}`, needed.includes(name));
}

const holdsOptions = ({ properties, additionalProperties, items }: Node) =>
  Boolean(properties ?? (items as Node | undefined)?.properties) || typeof additionalProperties === 'object';

export function options(locale: Language): readonly Option[] {
  return [...places(tree(locale))].map(({ path, node, required }) => ({
    path,
    isGroup: holdsOptions(node),
    required,
    takes: node.takes ?? expected.options(locale),
    byDefault: node.default === undefined || node.properties ? '' : inYaml(node.default),
    example: node.example ?? '',
  }));
}

const inYaml = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
/** An example that stands for a whole file is cut short; all others are values as they stand. */
export const isValue = (example: string) => example !== '' && !example.includes('…');

const waits = (path: string) =>
  Object.keys(notInForce).some((one) => new RegExp(`^${escaped(one)}($|[.[])`).test(path));
const escaped = (text: string) => text.replace(/[.*]/g, '\\$&');

/** The JSON Schema for editors. */
export function jsonSchema(): string {
  const root = tree('en');
  for (const { path, node } of places(root)) {
    const { takes, example = '' } = node;
    const does = [
      optionTexts[path]?.('en'),
      takes && `Takes ${takes}.`,
      waits(path) && 'Not in force in this release.',
    ];
    Object.assign(node, { description: does.filter(Boolean).join(' ') });
    if (isValue(example)) Object.assign(node, { examples: [parse(example)] });
  }
  const ours = new Set(['takes', 'example']);
  const { $schema, ...rest } = root;
  const whole = { $schema, title: 'pitcrew.yaml', ...rest };
  return `${JSON.stringify(whole, (key, value: unknown) => (ours.has(key) ? undefined : value), 2)}\n`;
}

interface Words {
  readonly before: readonly string[];
  readonly head: readonly string[];
  readonly required: string;
  readonly requiredGroup: string;
  readonly notYet: string;
  readonly variables: readonly [title: string, before: string, head: string];
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    before: [
      'Every option, generated from the schema in `src/config`; `npm run docs` writes this page anew. `*` is a name of your',
      'own, `[]` an item of a list. What is neither _required_ nor has a default may be left out.',
      '',
      'The [example](pitcrew.example.yaml) is a whole file, [pitcrew.schema.json](pitcrew.schema.json) lets an editor complete',
      'and check one, and `pitcrew check-config` names every fault at once. [繁體中文](config.zh-TW.md)',
    ],
    head: ['option', 'takes', 'default', 'example', 'what it is'],
    required: '_required_',
    requiredGroup: '_Required._',
    notYet: '_Not in force in this release._ ',
    variables: [
      'The environment',
      'What the process itself reads. Secrets belong here, never into the file.',
      'variable',
    ],
  },
  'zh-TW': {
    before: [
      '所有選項，由 `src/config` 中的 schema 產生；`npm run docs` 會重新產生這一頁。`*` 是自訂的名稱，`[]` 是清單中的一項。',
      '不是 _必填_ 也沒有預設值的選項可以不寫。',
      '',
      '[範例](pitcrew.example.yaml)是一份完整的檔案，[pitcrew.schema.json](pitcrew.schema.json) 讓編輯器可以補完與檢查，',
      '`pitcrew check-config` 會一次列出所有錯誤。[English](config.md)',
    ],
    head: ['選項', '值', '預設值', '範例', '說明'],
    required: '_必填_',
    requiredGroup: '_必填。_',
    notYet: '_這個版本尚未生效。_',
    variables: ['環境變數', 'Process 本身讀取的變數。Secret 只放在這裡，不要寫進檔案。', '變數'],
  },
};

/** The reference as a page: a table a group. */
export function referencePage(locale: Language): string {
  const { before, head, required, requiredGroup, notYet, variables } = words[locale];
  const [title, about, variable] = variables;
  const sections = sectionsOf(options(locale)).flatMap(([section, ...rest]) => {
    const row = ({ path, takes, byDefault, example, ...option }: Option) => [
      code(
        path
          .slice(section.path.length)
          .replace(/^(\.\*)?\./, '')
          .replace(/^\[\]\./, '[].'),
      ),
      takes,
      option.required ? required : code(byDefault),
      code(example),
      does(path),
    ];
    const needed = section.required ? `${requiredGroup} ` : '';
    return [`## ${section.path}`, `${needed}${does(section.path)}`, table(head, rest.map(row))];
  });
  function does(path: string): string {
    return `${Object.hasOwn(notInForce, path) ? notYet : ''}${optionTexts[path]?.(locale) ?? ''}`;
  }
  const rows = Object.entries(variableTexts).map(([name, text]) => [
    code(name),
    text.takes(locale),
    code(text.byDefault),
    text.does(locale),
  ]);
  const ofVariables = table([variable, ...head.slice(1).filter((_, i) => i !== 2)], rows);
  return `${['# pitcrew.yaml', before.join('\n'), ...sections, `## ${title}`, about, ofVariables].join('\n\n')}\n`;
}

/** A group of the first level, or of an environment, with its options. */
function sectionsOf(all: readonly Option[]): readonly (readonly [Option, ...Option[]])[] {
  const sections: [Option, ...Option[]][] = [];
  for (const option of all) {
    const isSection = option.isGroup && /^(\w+|environments\.\*\.\w+)$/.test(option.path);
    if (isSection) sections.push([option]);
    else if (option.path !== 'environments.*') sections.at(-1)?.push(option);
  }
  return sections;
}

const code = (text: string) => (text ? `\`${text.replaceAll('|', '\\|')}\`` : '');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
