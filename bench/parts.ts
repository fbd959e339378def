import { dump } from './dump.ts';
import type { Part } from './runner/part.ts';
import { verification } from './verification.ts';

/** In the order of the page, which is that of the budgets. */
export const parts: readonly Part[] = [dump, verification];
