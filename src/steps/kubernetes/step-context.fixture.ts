import type { PitcrewError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Done, Step, StepContext, Wait } from '../../domain/step.ts';
import { instant } from '../../domain/time.ts';

export interface ContextOf {
  readonly operation?: string;
  readonly epoch?: number;
  readonly input: JsonObject;
  readonly outputs?: Readonly<Record<string, JsonObject>>;
  readonly sinceSeconds?: number;
  readonly noted?: JsonObject;
  readonly note?: StepContext['note'];
}

/** What the engine gives a step. */
export function contextOf({
  operation = 'op-1',
  epoch = 1,
  input,
  outputs = {},
  sinceSeconds = 0,
  noted,
  note = async () => {},
}: ContextOf): StepContext {
  return {
    operation,
    environment: 'production',
    input,
    epoch,
    since: instant(Date.now() - sinceSeconds * 1000),
    signal: new AbortController().signal,
    output(step) {
      const output = outputs[step];
      if (!output) throw new Error(`no output of ${step}`);
      return output;
    },
    isDone: (step) => outputs[step] !== undefined,
    ...(noted ? { noted } : {}),
    note,
  };
}

export function undo(step: Step, context: StepContext): Promise<Done | Wait> {
  if (step.undo.kind !== 'run') throw new Error(`${step.id} has no undo`);
  return step.undo.run(context);
}

/** The error that it must end in. */
export function failure(promise: Promise<unknown>): Promise<PitcrewError> {
  return promise.then(
    (value) => {
      throw new Error(`it should have failed, but gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as PitcrewError,
  );
}
