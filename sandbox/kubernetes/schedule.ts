import { CronExpressionParser } from 'cron-parser';

export interface ScheduleFault {
  readonly field: 'spec.schedule' | 'spec.timeZone';
  readonly value: string;
  readonly message: string;
}

const descriptors = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
const interval = /^@every (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Why a CronJob may not have this schedule, if so: five fields, a descriptor or `@every 1h30m` (CronJob, "Schedule syntax"). */
export function faultOf(schedule: string, timeZone: string | undefined): ScheduleFault | undefined {
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    return { field: 'spec.timeZone', value: timeZone, message: `unknown time zone ${timeZone}` };
  }
  const fault = (message: string) => ({ field: 'spec.schedule' as const, value: schedule, message });
  if (/TZ/.test(schedule)) return fault('cannot use TZ or CRON_TZ in schedule, use timeZone instead');
  if (everyMs(schedule) !== undefined || descriptors.test(schedule)) return undefined;
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return fault(`expected exactly 5 fields, found ${fields.length}: [${schedule}]`);
  if (!/^[\d*/,\-?A-Za-z\s]+$/.test(schedule) || /[LW]\b/.test(schedule)) return fault('failed to parse');
  try {
    CronExpressionParser.parse(schedule);
    return undefined;
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
}

function isTimeZone(name: string): boolean {
  try {
    return name !== '' && name !== 'Local' && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function everyMs(schedule: string): number | undefined {
  const match = interval.exec(schedule);
  const [hours = 0, minutes = 0, seconds = 0] = (match?.slice(1) ?? []).map((part) => Number(part ?? 0));
  const ms = 1000 * (3600 * hours + 60 * minutes + seconds);
  return match && ms > 0 ? ms : undefined;
}

export interface Schedule {
  readonly schedule: string;
  readonly timeZone?: string | undefined;
}

/** The latest instant of the schedule in (after, until], undefined when there is none. UTC where no time zone is named. */
export function latestBetween({ schedule, timeZone = 'UTC' }: Schedule, after: Date, until: Date): Date | undefined {
  const every = everyMs(schedule);
  if (every !== undefined) {
    const times = Math.floor((until.getTime() - after.getTime()) / every);
    return times > 0 ? new Date(after.getTime() + times * every) : undefined;
  }
  const currentDate = new Date(until.getTime() + 1); // `prev` looks strictly before
  const latest = CronExpressionParser.parse(schedule, { currentDate, tz: timeZone }).prev().toDate();
  return latest > after ? latest : undefined;
}
