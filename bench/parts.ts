import { downtime } from './downtime.ts';
import { dump } from './dump.ts';
import { engine } from './engine.ts';
import { load } from './load.ts';
import { messages } from './messages.ts';
import type { Part } from './runner/part.ts';
import { slash } from './slash.ts';
import { start } from './start.ts';
import { swap } from './swap.ts';
import { verification } from './verification.ts';
import { waiting } from './waiting.ts';

/** In the order of the page, which is that of the budgets. */
export const parts: readonly Part[] = [
  dump,
  load,
  swap,
  downtime,
  verification,
  engine,
  slash,
  waiting,
  messages,
  start,
];
