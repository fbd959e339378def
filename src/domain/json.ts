import { z } from 'zod';

/** What can be written into the ledger and read back the same. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Any JSON object: its fields are checked by whoever wrote them. */
export const checkedObject = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;
