import { dump } from './dump.ts';
import { load } from './load.ts';
import { messages } from './messages.ts';
import type { Part } from './runner/part.ts';
import { slash } from './slash.ts';
import { start } from './start.ts';
import { verification } from './verification.ts';
import { waiting } from './waiting.ts';

/** In the order of the page, which is that of the budgets. */
export const parts: readonly Part[] = [dump, load, verification, slash, waiting, messages, start];
