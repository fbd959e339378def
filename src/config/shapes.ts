import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import { expected, numberFrom, oneOfThese, type Phrase, wholeFrom } from '../messages/config-expected.ts';

declare module 'zod' {
  interface GlobalMeta {
    /** What would be right here, as it is written in the file. */
    example?: string;
    /** What the values are, in both languages, for a fault that says what was expected. */
    expected?: Phrase;
  }
}

/** A text of a known form. `expected` completes "must be …". */
export const text = (form: RegExp, expected: Phrase, example: string) =>
  z.string().regex(form).meta({ expected, example });

/** A text that says something: unset is an error, and so is `''`. */
export const words = (expected: Phrase, example: string) => text(/\S/, expected, example);

/** A number within bounds, unit in the option's name. */
export const between = (minimum: number, maximum: number, example: string) =>
  z
    .number()
    .min(minimum)
    .max(maximum)
    .meta({ expected: numberFrom(minimum, maximum), example });

export const whole = (minimum: number, maximum: number, example: string) =>
  z
    .int()
    .min(minimum)
    .max(maximum)
    .meta({ expected: wholeFrom(minimum, maximum), example });

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values).meta({ expected: oneOfThese(values), example: values[0] });

export const list = <Item extends z.ZodType>(item: Item, expected: Phrase, example: string) =>
  z.array(item).meta({ expected, example });

export const yesOrNo = z.boolean().meta({ expected: expected.yesOrNo, example: 'false' });

/** AWS region names: partitions with two words (`us-gov-west-1`) included. */
export const region = text(/^[a-z]{2}(-[a-z]+){1,2}-\d{1,2}$/, expected.region, 'eu-west-1');
/** S3: 3 to 63 of a-z, 0-9, dot and hyphen, letter or digit at both ends (User Guide, "Bucket naming rules"). */
export const bucket = (example: string) => text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, expected.bucket, example);
/** RDS: 1 to 63 letters, digits, single hyphens, a letter first; AWS lower-cases them (CreateDBInstance). */
export const instanceName = text(
  /^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  expected.instance,
  'ecommerce-production',
);
/** Kubernetes: a DNS label for namespaces, a DNS subdomain for what lies in them. */
export const label = (expected: Phrase, example: string) =>
  text(/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, expected, example);

export const user = text(/^[UW][A-Z0-9]{2,}$/, expected.user, 'U0DBA1');
export const group = text(/^S[A-Z0-9]{2,}$/, expected.group, 'S0DBA');
export const channel = text(/^[CG][A-Z0-9]{2,}$/, expected.channel, 'C0INC');

const identifier = '[A-Za-z_][A-Za-z0-9_$]{0,62}';
export const role = text(new RegExp(`^${identifier}$`), expected.role, 'analytics');
export const table = text(new RegExp(`^(${identifier}\\.)?${identifier}$`), expected.table, 'orders');
export const column = (example: string) =>
  text(new RegExp(`^(${identifier}\\.)?${identifier}\\.${identifier}$`), expected.column, example);

export const link = (example: string) => z.url({ protocol: /^https?$/ }).meta({ expected: expected.link, example });

/** Whole days, 1 to 3,650, as retention is written. */
export const days = (example: string) =>
  text(/^([1-9]\d{0,2}|[12]\d{3}|3[0-5]\d\d|36[0-4]\d|3650)d$/, expected.days, example);
export const daysOf = (written: string) => Number(written.slice(0, -1));

/** What can be tried is tried, whatever is thrown. */
function holds(attempt: () => unknown): boolean {
  try {
    return Boolean(attempt());
  } catch {
    return false;
  }
}

/** @returns whether this machine knows the time zone, by the IANA name */
const isTimeZone = (name: string) => holds(() => new Intl.DateTimeFormat('en', { timeZone: name }));
export const timeZone = z.string().refine(isTimeZone).meta({ expected: expected.timeZone, example: 'Europe/Berlin' });

/**
 * Five fields, as crontab(5) has them: seconds, `H` and `@hourly` are additions of the library. What never comes true
 * (the 31st of February) is found by asking for the next time.
 */
const isSchedule = (written: string) =>
  /^\S+( +\S+){4}$/.test(written.trim()) &&
  !/(^|[\s,])H/i.test(written) &&
  holds(() => CronExpressionParser.parse(written.trim()).next());
export const schedule = (example: string) => z.string().refine(isSchedule).meta({ expected: expected.cron, example });

export const language = oneOf(['en', 'zh-TW']);
export const cluster = words(expected.cluster, 'prod');
export const namespace = label(expected.namespace, 'production');
