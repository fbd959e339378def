import type { Step, StepContext, Undo } from '../domain/step.ts';

/**
 * A step that another operation runs for another end: under a name of its own, so that its title says what it does
 * there. `reads` says under which names this operation keeps what the step reads of earlier ones.
 */
export function underName(id: string, step: Step, reads: Readonly<Record<string, string>>): Step {
  const here = (context: StepContext): StepContext => ({
    ...context,
    output: (of) => context.output(reads[of] ?? of),
    isDone: (of) => context.isDone(reads[of] ?? of),
  });
  return { ...step, id, run: (context) => step.run(here(context)), undo: undone(step.undo, here) };
}

const undone = (undo: Undo, here: (context: StepContext) => StepContext): Undo =>
  undo.kind === 'run' ? { ...undo, run: (context) => undo.run(here(context)) } : undo;
