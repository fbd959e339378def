import { userError } from '../domain/errors.ts';

export interface Pointer {
  readonly operation: string;
  readonly digest: string;
}

/** A button's value is a pointer and nothing else. @throws PitcrewError `slack.bad-button` when it has another shape */
export function pointerOf(value: string): Pointer {
  const match = /^(op-[0-9a-f]{12}):([0-9a-f]{64})$/.exec(value);
  if (!match?.[1] || !match[2]) throw userError('slack.bad-button');
  return { operation: match[1], digest: match[2] };
}
