import { z } from 'zod';
import { addressInput, roleSecretInput } from '../step-input.ts';
import { checksInput } from './verification-input.ts';

/** What the steps are given that measure a baseline. */
export const baselineInput = z.object({
  /** The ARN that the snapshot will have. */
  snapshot: z.string().min(1),
  /** Of the instance: its counters are its own. */
  resourceId: z.string().min(1),
  source: addressInput,
  verifyRole: roleSecretInput,
  checks: checksInput,
  timeZone: z.string().min(1),
});
export type BaselineInput = z.infer<typeof baselineInput>;

/** As the measurements take it. */
export const measuringOf = ({ source, verifyRole, checks, timeZone }: BaselineInput, signal: AbortSignal) => ({
  address: source,
  verifyRole,
  settings: checks,
  timeZone,
  signal,
});
