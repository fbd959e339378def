import { type DestinationStream, pino } from 'pino';
import { redact, redactText } from './redact.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Fields for what varies, and a static message, so that lines of one kind can be found and counted. */
export interface Write {
  (message: string): void;
  (fields: Fields, message: string): void;
}

export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** A log whose every line has these fields too. */
  child(fields: Fields): Log;
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
export function createLog({ level, destination }: LogOptions): Log {
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
  return {
    debug: write(writer, 'debug'),
    info: write(writer, 'info'),
    warn: write(writer, 'warn'),
    error: write(writer, 'error'),
    child: (fields) => over(writer.child(clean(fields))),
  };
}

function write(writer: Writer, level: 'debug' | 'info' | 'warn' | 'error'): Write {
  return (given: string | Fields, text?: string) => {
    if (!writer.isLevelEnabled(level)) return;
    const message = typeof given === 'string' ? given : (text ?? '');
    writer[level](typeof given === 'string' ? {} : clean(given), redactText(message));
  };
}

/** Names that pino writes itself. */
const reserved = new Set(['level', 'time', 'message']);

function clean(fields: Fields): Record<string, unknown> {
  const safe = Object.entries(redact(fields) as Record<string, unknown>);
  return Object.fromEntries(safe.map(([name, value]) => [reserved.has(name) ? `${name}_` : name, value]));
}
