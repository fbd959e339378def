import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Environment, Settings, Workload } from '../domain/settings.ts';
import { contradictions } from './coherence.ts';
import { explain } from './explain.ts';
import { ConfigError, type Fault } from './fault.ts';
import { type FileSettings, settingsSchema, workloadKinds, workloadOptions } from './schema.ts';

/**
 * The text of pitcrew.yaml as settings, with every default filled in.
 * @throws ConfigError with every fault at once
 */
export function loadSettings(text: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const parsed = settingsSchema.safeParse(contentOf(document, lines), { reportInput: true });
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) =>
      explain(settingsSchema, issue).map((fault) => withLine(fault, document, lines, issue.path)),
    );
    throw new ConfigError(faults);
  }
  const faults = contradictions(parsed.data);
  if (faults.length > 0) throw new ConfigError(faults);
  return settingsOf(parsed.data);
}

/** @throws ConfigError when the text is no YAML, or nothing */
function contentOf(document: Document.Parsed, lines: LineCounter): unknown {
  const complaints = [...document.errors, ...document.warnings];
  const faults: Fault[] = complaints.map(({ message, pos }) => ({
    path: 'pitcrew.yaml',
    problem: `can't be read: ${message.replace(/\.$/, '')}`,
    example: '',
    line: lines.linePos(pos[0]).line,
  }));
  if (faults.length > 0) throw new ConfigError(faults);
  const value = resolved(document);
  if (value !== null && value !== undefined) return value;
  const example = 'a file with the options ledger, people and environments';
  throw new ConfigError([{ path: 'pitcrew.yaml', problem: 'is empty', example }]);
}

function resolved(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases: to nothing, or so many that they would fill the memory (the library's own limit).
    const problem = `can't be read: ${error instanceof Error ? error.message : 'an alias leads nowhere'}`;
    throw new ConfigError([{ path: 'pitcrew.yaml', problem, example: '' }]);
  }
}

/** The line of the option itself, or of what it is missing from. */
function withLine(fault: Fault, document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): Fault {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return { ...fault, line: lines.linePos(range[0]).line };
  }
  return fault;
}

function settingsOf({ environments, people, ...rest }: FileSettings): Settings {
  const named = Object.entries(environments).map(([name, environment]) => {
    const { channels, workloads, ...as } = environment;
    const whole: Environment = {
      ...as,
      name,
      database: databaseOf(environment),
      workloads: workloads.map(workloadOf),
      channels: { ...channels, language: channels.language ?? rest.slack.language },
      approvals: { ...as.approvals, cutOver: 1 },
      restore: { ...as.restore, prestage: false, findingsWithinMinutes: 30 },
      checks: { ...as.checks, deepMinutes: 60 },
      schedules: {},
      retentionDays: {},
      escalation: [],
    };
    return [name, whole] as const;
  });
  return { ...rest, people: { ...people, breakGlass: { users: [] } }, environments: Object.fromEntries(named) };
}

/** Roles' secrets are of the environment's region, like the application's. */
function databaseOf({
  database,
  region,
}: Pick<FileSettings['environments'][string], 'database' | 'region'>): Environment['database'] {
  const { verifyRole, fenceRole, ...rest } = database;
  return { ...rest, verifyRole: { region, ...verifyRole }, fenceRole: { region, ...fenceRole }, readers: [] };
}

function workloadOf(workload: FileSettings['environments'][string]['workloads'][number]): Workload {
  const { cluster = '', namespace, replicas } = workload;
  const option = workloadOptions.find((one) => workload[one] !== undefined) ?? 'deployment';
  const name = workload[option] ?? '';
  return { cluster, namespace, kind: workloadKinds[option], name, ...(replicas === undefined ? {} : { replicas }) };
}
