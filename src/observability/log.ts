import { type DestinationStream, pino } from 'pino';
import { redact, redactText } from './redact.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A log: a static message, and fields for what varies, so that lines of one kind can be found and counted. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A log whose every line has these fields too. */
  with(fields: Fields): Log;
}

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Standard output when left out. Written to at once, so that the last line before a crash is there. */
  readonly destination?: DestinationStream;
}

type Writer = pino.Logger;

/**
 * One JSON object a line: `level`, `time` (ISO 8601, UTC), `message`, and the fields. Everything passes `redact`: a
 * field with a secret's name or a value with a secret's form is written as `***`; `error` comes with its causes.
 */
export function openLog({ level, destination }: LogOptions): Log {
  const options: pino.LoggerOptions = {
    level,
    messageKey: 'message',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return over(pino(options, destination ?? pino.destination({ dest: 1, sync: true })));
}

function over(writer: Writer): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Fields = {}) => {
      if (writer.isLevelEnabled(level)) writer[level](clean(fields), redactText(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => over(writer.child(clean(fields))),
  };
}

/** Names that pino writes itself. */
const reserved = new Set(['level', 'time', 'message']);

function clean(fields: Fields): Record<string, unknown> {
  const safe = Object.entries(redact(fields) as Record<string, unknown>);
  return Object.fromEntries(safe.map(([name, value]) => [reserved.has(name) ? `${name}_` : name, value]));
}
