import { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /** What would be right here, as it is written in the file. */
    example?: string;
    /** What the values are, in words, for a fault that says what was expected. */
    expected?: string;
  }
}

/** A text of a known form. `expected` completes "must be …". */
export const text = (form: RegExp, expected: string, example: string) =>
  z.string().regex(form).meta({ expected, example });

/** A text that says something: unset is an error, and so is `''`. */
export const words = (expected: string, example: string) => text(/\S/, expected, example);

/** A number within bounds, unit in the option's name. */
export const between = (minimum: number, maximum: number, example: string) =>
  z
    .number()
    .min(minimum)
    .max(maximum)
    .meta({ expected: `a number from ${minimum} to ${maximum}`, example });

export const whole = (minimum: number, maximum: number, example: string) =>
  z
    .int()
    .min(minimum)
    .max(maximum)
    .meta({ expected: `a whole number from ${minimum} to ${maximum}`, example });

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values).meta({ expected: values.join(' or '), example: values[0] });

export const list = <Item extends z.ZodType>(item: Item, expected: string, example: string) =>
  z.array(item).meta({ expected, example });

export const yesOrNo = z.boolean().meta({ expected: 'true or false', example: 'false' });

/** AWS region names: partitions with two words (`us-gov-west-1`) included. */
export const region = text(/^[a-z]{2}(-[a-z]+){1,2}-\d{1,2}$/, 'an AWS region', 'eu-west-1');
/** S3: 3 to 63 of a-z, 0-9, dot and hyphen, letter or digit at both ends (User Guide, "Bucket naming rules"). */
export const bucket = text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket', 'acme-pitcrew-ledger');
/** RDS: 1 to 63 letters, digits, single hyphens, a letter first; AWS lower-cases them (CreateDBInstance). */
export const instanceName = text(
  /^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  'the identifier of an RDS instance, in lower case as AWS keeps it',
  'ecommerce-production',
);
/** Kubernetes: a DNS label for namespaces, a DNS subdomain for Deployments. */
export const label = (expected: string, example: string) =>
  text(/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, expected, example);

export const user = text(/^[UW][A-Z0-9]{2,}$/, 'the id of a Slack user, not the name', 'U0DBA1');
export const group = text(/^S[A-Z0-9]{2,}$/, 'the id of a Slack user group, not the name', 'S0DBA');
export const channel = text(/^[CG][A-Z0-9]{2,}$/, 'the id of a Slack channel, not the name', 'C0INC');

const identifier = '[A-Za-z_][A-Za-z0-9_$]{0,62}';
export const table = text(
  new RegExp(`^(${identifier}\\.)?${identifier}$`),
  "a table, with its schema where that isn't public",
  'orders',
);
export const column = text(
  new RegExp(`^(${identifier}\\.)?${identifier}\\.${identifier}$`),
  'a column with its table',
  'orders.customer_id',
);

export const link = z
  .url({ protocol: /^https?$/ })
  .meta({ expected: 'a link', example: 'https://wiki.example.com/runbooks/connection' });

/** @returns whether this machine knows the time zone, by the IANA name */
function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
export const timeZone = z.string().refine(isTimeZone).meta({ expected: 'an IANA time zone', example: 'Europe/Berlin' });
