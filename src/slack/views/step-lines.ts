import type { Locale } from '../../domain/people.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import { secondsBetween } from '../../domain/time.ts';
import { progressTexts as texts } from '../../messages/progress.ts';
import { stepTitle } from '../../messages/steps.ts';
import { showDuration } from '../../messages/units.ts';
import { type Block, columns, sections } from './blocks.ts';
import { bold, escaped } from './mrkdwn.ts';
import type { Situation } from './situation.ts';
import type { Branch, Stage } from './stages.ts';

/** Steps as they are planned: numbered, in the parts that people speak of. */
export function plainStages(stages: readonly Stage[], locale: Locale): Block[] {
  let number = 0;
  const line = (id: string) => `${++number}. ${escaped(stepTitle(locale, id))}`;
  // What comes one after another is read as a sentence; a list of it would push the decision off the screen.
  return drawn(stages, line, (lines) => [lines.join('  →  ')], locale);
}

/** Steps with where each of them stands: a sign and always the word too. */
export function liveStages(stages: readonly Stage[], situation: Situation): Block[] {
  return drawn(
    stages,
    (id) => stepLine(id, situation),
    (lines) => lines,
    situation.locale,
  );
}

/** What runs side by side stands side by side. */
function drawn(
  stages: readonly Stage[],
  line: (id: string) => string,
  inRow: (lines: readonly string[]) => readonly string[],
  locale: Locale,
): Block[] {
  const title = ({ part }: Branch) => (part ? [bold(texts.parts[part](locale))] : []);
  return stages.flatMap(({ branches }) => {
    const [only, ...others] = branches;
    if (!only) return [];
    if (others.length === 0) return sections([...title(only), ...inRow(only.steps.map(line))]);
    return columns(branches.map((branch) => [...title(branch), ...branch.steps.map(line)].join('\n')));
  });
}

type Standing = 'done' | 'running' | 'failed' | 'to-come' | 'not-reached' | 'undoing' | 'undone' | 'stopped';

const signs: Readonly<Record<Standing, string>> = {
  done: '✅',
  running: '⏳',
  failed: '❌',
  'to-come': '▫️',
  'not-reached': '▫️',
  undoing: '⏳',
  undone: '↩️',
  stopped: '❌',
};

/** Where a step stands, told from the chain alone. */
export function standing(state: OperationState, id: string): Standing {
  const step = stepState(state, id);
  const over = state.phase === 'closed' || state.phase === 'parked';
  if (!step) return over || state.turnedBack ? 'not-reached' : 'to-come';
  switch (step.status) {
    case 'done':
      return 'done';
    case 'undone':
      return 'undone';
    case 'undo-intended':
      return over ? 'failed' : 'undoing';
    case 'intended':
      if (state.turnedBack?.step === id || (over && step.error)) return 'failed';
      return over || state.turnedBack ? 'stopped' : 'running';
    default: {
      const never: never = step.status;
      return never;
    }
  }
}

function stepLine(id: string, { state, locale, now }: Situation): string {
  const stands = standing(state, id);
  const title = escaped(stepTitle(locale, id));
  const step = stepState(state, id);
  const length = showDuration(step ? secondsBetween(step.intendedAt, step.endedAt ?? now) : 0, locale);
  const word = {
    done: texts.stepDone(locale, { length }),
    running:
      step && step.failures > 0
        ? texts.stepRetrying(locale, { length, tries: step.failures })
        : texts.stepRunning(locale, { length }),
    failed: texts.stepFailed(locale),
    'to-come': texts.stepToCome(locale),
    'not-reached': texts.stepNotReached(locale),
    undoing: texts.stepUndoing(locale),
    undone: texts.stepUndone(locale),
    stopped: texts.stepStopped(locale),
  }[stands];
  const active = stands === 'running' || stands === 'undoing' || stands === 'failed';
  return `${signs[stands]}  ${active ? bold(title) : title} · ${word}`;
}
