import type { Phrase } from '../messages/config-expected.ts';
import { notYetTexts } from '../messages/config-faults.ts';

/** Options that are taken and checked, and do nothing in this release: each that the file gives is said. */
export const notInForce: Readonly<Record<string, Phrase>> = {
  'people.breakGlass': notYetTexts.breakGlass,
  'environments.*.schedules': notYetTexts.schedules,
  'environments.*.retention': notYetTexts.retention,
  'environments.*.escalation': notYetTexts.escalation,
};

type Path = readonly PropertyKey[];

/** `environments.production.dumps` as the tables above write it: `environments.*.dumps`. */
export const patternOf = (path: Path) =>
  path.map((part, i) => (path[i - 1] === 'environments' ? '*' : String(part))).join('.');
