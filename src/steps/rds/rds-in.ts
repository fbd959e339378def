import type { Rds } from '../../clients/rds.ts';

/** RDS of a region, with only the methods that a step needs. */
export type RdsIn<Needed extends keyof Rds> = (region: string) => Pick<Rds, Needed>;
