import type { InstanceIdentity } from './restore.ts';
import type { Instant } from './time.ts';
import type { VerificationReport } from './verification.ts';

// What a verification decides and hands on. (Type aliases, not interfaces: they are JSON.)

/** `bound.decided` of a verification. */
export type VerifyDecided = {
  readonly instance: InstanceIdentity;
  /** Whether the application uses it: of one that it doesn't, less can be asked. */
  readonly serves: boolean;
  /** When the baseline was counted that its structure is compared with; null without one. */
  readonly baselineAt: Instant | null;
  readonly deep: boolean;
};

/** What each step of a verification returns. */
export type VerifyOutputs = {
  readonly 'check-database': { readonly report: VerificationReport };
  /** Only where it was asked for. */
  readonly 'check-deeply': { readonly report: VerificationReport };
};

export const verifySteps = ['check-database', 'check-deeply'] as const satisfies readonly (keyof VerifyOutputs)[];
