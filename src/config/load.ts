import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Settings } from '../domain/settings.ts';
import type { Phrase } from '../messages/config-expected.ts';
import { otherYamlTexts, yamlTexts } from '../messages/config-faults.ts';
import { contradictions } from './coherence.ts';
import { explain, written } from './explain.ts';
import { ConfigError, type Fault, problem } from './fault.ts';
import { notInForce, patternOf } from './not-yet.ts';
import { settingsSchema } from './schema.ts';
import { settingsOf } from './settings-of.ts';

/** An option that was given, is right, and does nothing in this release. */
export interface Notice {
  readonly path: string;
  readonly what: Phrase;
}

export interface Loaded {
  readonly settings: Settings;
  readonly notices: readonly Notice[];
}

/**
 * The text of pitcrew.yaml as settings, with every default filled in, and what of it is not in force.
 * @throws ConfigError with every fault at once
 */
export function load(text: string): Loaded {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const content = contentOf(document, lines);
  const parsed = settingsSchema.safeParse(content, { reportInput: true });
  const at = (fault: Fault) => withLine(fault, document, lines);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.flatMap((issue) => explain(settingsSchema, issue).map(at)));
  const faults = contradictions(parsed.data);
  if (faults.length > 0) throw new ConfigError(faults.map(at));
  return { settings: settingsOf(parsed.data), notices: [...noticesIn(content, [])] };
}

/** As `load`, for whoever needs the settings alone. @throws ConfigError with every fault at once */
export const loadSettings = (text: string): Settings => load(text).settings;

/** Whatever the file gives, an empty group or list aside: what nobody wrote needs no notice. */
function* noticesIn(value: unknown, path: readonly PropertyKey[]): Generator<Notice> {
  const what = notInForce[patternOf(path)];
  if (what && !isEmpty(value)) yield { path: written(path), what };
  else if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [name, child] of Object.entries(value)) yield* noticesIn(child, [...path, name]);
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(isEmpty);

/** @throws ConfigError when the text is no YAML, or nothing */
function contentOf(document: Document.Parsed, lines: LineCounter): unknown {
  const complaints = [...document.errors, ...document.warnings];
  const faults = complaints.map(({ code, pos }) => ({
    ...notYaml(yamlTexts[code] ?? otherYamlTexts.misplaced),
    line: lines.linePos(pos[0]).line,
  }));
  if (faults.length > 0) throw new ConfigError(faults);
  const value = resolved(document);
  if (value !== null && value !== undefined) return value;
  const example = 'ledger: { … }, people: { … }, environments: { … }';
  throw new ConfigError([{ path: 'pitcrew.yaml', problem: problem('empty-file', {}), example }]);
}

const notYaml = (why: Phrase): Fault => ({ path: 'pitcrew.yaml', problem: problem('not-yaml', { why }), example: '' });

function resolved(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases to nothing, or so many that they would fill the memory (the library's own limit).
    const { tooManyAliases, aliasToNowhere } = otherYamlTexts;
    const tooMany = error instanceof Error && /excessive/i.test(error.message);
    throw new ConfigError([notYaml(tooMany ? tooManyAliases : aliasToNowhere)]);
  }
}

/** The line of the option itself, or of what it is missing from. */
function withLine(fault: Fault, document: Document.Parsed, lines: LineCounter): Fault {
  const path = [...fault.path.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return { ...fault, line: lines.linePos(range[0]).line };
  }
  return fault;
}
