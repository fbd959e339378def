import { expect } from 'vitest';
import { readArguments } from '../../src/config/arguments.ts';
import { faultsOf, having } from '../../src/config/file.fixture.ts';
import { describeFault } from '../../src/config/report.ts';
import { PitcrewError } from '../../src/domain/errors.ts';
import { locales } from '../../src/domain/people.ts';
import { writtenTime } from '../../src/requests/written-time.ts';
import type { Case, Group } from './cases.ts';
import { typed } from './workspace.ts';

const general = { id: 'C0GENERAL', name: 'general' };
const elsewhere = { id: 'C0INCOTHER', name: 'inc-other' };

/** Typed after `/backup`, in the incident channel unless it says where. */
function line(
  text: string,
  more: { channel?: { id: string; name: string }; user?: string; input?: string } = {},
): Case {
  const { input = `\`/backup ${text}\``, ...who } = more;
  return {
    input,
    async ask(ground) {
      const settings = ground.settingsWith();
      const asked = { requests: ground.requests(settings), settings };
      const recorded = ground.store.objects.size;
      const answer = {
        en: await typed(asked, { text, locale: 'en', ...who }),
        'zh-TW': await typed(asked, { text, locale: 'zh-TW', ...who }),
      };
      expect(ground.store.objects.size, 'nothing was recorded').toBe(recorded);
      return answer;
    },
  };
}

export const typedCases: Group = {
  title: 'Commands, options, names',
  cases: [
    line('restroe production'),
    line('escalate production'),
    line('adopt'),
    line('adopt prodution database/a.dump'),
    line('adopt production database/a.dump database/b.dump'),
    line('adopt production database/a.dump --in-place'),
    line('rescue op-0123456789ab --table'),
    line('rescue the-last --table orders'),
    line('rescue op-0123456789ab --table orders --where " "'),
    line('rescue op-0123456789ab --from latest'),
    line('rescue op-0123456789ab op-ba9876543210 --table orders'),
    line('rescue op-000000000000 --table orders'),
    line('rollback op-000000000000'),
    line('rescue op-0123456789ab --where true --where false'),
    line('cleanup'),
    line('cleanup production'),
    line('cleanup op-0123456789ab --now=yes'),
    line('cleanup op-0123456789ab --force'),
    line('cleanup op-000000000000'),
    line('report'),
    line('report last'),
    line('report op-000000000000'),
    line('report op-0123456789ab --out here'),
    line('delete everything'),
    line('restore prodution'),
    line('list prod'),
    line('list production staging'),
    line('list production --all'),
    line('history prod'),
    line('verify production --deep=yes'),
    line('verify production --instance'),
    line('dump production --from latest'),
    line('rollback'),
    line('rollback production'),
    line('supersede last'),
    line('restore production staging'),
    line('restore --from latest', {
      channel: elsewhere,
      input: '`/backup restore --from latest` in a channel of no environment',
    }),
    line('restore production --form latest'),
    line('snapshot production --from latest'),
    line('restore production --from'),
    line('restore production --from latest --from latest'),
    line('restore production --from "\'; drop table orders"'),
    line('restore production --if-fails maybe'),
    line('restore production --beside'),
    line('restore production --in-place --from latest'),
    line('restore production --in-place --from before-migration-42 --reason "a test"'),
    line('restore production --from database/a.dump --beside --in-place'),
    line('restore production --from database/a.dump --beside=yes'),
    line('restore production --from database/a.dump --in-place --in-place'),
    line('restore production --from database/a.dump --in-place --order restore-first --reason "a test"'),
    line('restore production --from database/a.dump --beside --if-fails never'),
    line('restore production --from "  "'),
    line(`restore production --from database/${'x'.repeat(200)}.dump`, {
      input: '`/backup restore production --from database/xxx….dump`, 214 signs long, without a reason',
    }),
    line(`restore production --from database/${'x'.repeat(1200)}.dump --reason "a test"`, {
      input: '`/backup restore production --from database/xxx….dump`, longer than S3 takes',
    }),
    line('restore production --incident-at tomorrow'),
    line('restore production --to yesterday'),
    line('pitr production --from latest'),
    line('pitr production --to'),
    line('pitr production --to soon'),
    line('pitr production --to 一會兒以前'),
    line('pitr production --to "明天 03:14"'),
    line('pitr production --to "03/04/2026 02:00"'),
    line('pitr production --to latest --in-place'),
    line('pitr production --to yesterday 03:14'),
    line('find prodution'),
    line('find production --where "total = 0"'),
    line('find production --table orders --where ""'),
    line('find production --table orders --where "  "'),
    line('find production --table orders --table payments'),
    line('find production --since soon'),
    line('find production --table orders'),
    line('find production --table "orders; drop" --where true'),
    line('find production --since 2999-01-01T00:00:00Z'),
    line('pitr production --to 2999-01-01T00:00:00Z'),
    line('restore production --order sideways'),
    line('pitr production --to latest --order restore-first --reason "a test"'),
    line('restore production --reason "a table'),
    line('restore production --reason a table is gone'),
    line('restore pro\u202educt\u202cion', {
      input: '`/backup restore production` with a hidden mark that turns the direction of writing',
    }),
    line(`restore ${'x'.repeat(3000)}`, { input: '`/backup restore xxx…`, 3,000 signs long' }),
    line('help restroe'),
    line('status 17'),
    line('status op-000000000000'),
    line('snapshot production', { channel: general, input: '`/backup snapshot production` in #general' }),
  ],
};

const who = (user: string, name: string): Case =>
  line('snapshot production', { user, input: `\`/backup snapshot production\` by ${name}` });

export const peopleWhoMayNotAsk: readonly Case[] = [
  who('U0BOT', 'a bot'),
  who('U0GUEST', 'a guest'),
  who('U0LEFT', 'a deactivated account'),
  who('U0PARTNER', 'somebody of another workspace in a shared channel'),
  who('U0NOBODY', 'an account that Slack doesn’t know'),
  who('U0SILENT', 'somebody whom Slack says nothing about right now'),
];

/** Europe/Berlin, the night on which its clocks went back. */
const there = { timeZone: 'Europe/Berlin', now: '2026-10-25T09:00:00.000Z' };

const time = (given: string, code: string): Case => ({
  input: `\`${given}\``,
  code,
  async ask() {
    try {
      writtenTime(given, there);
    } catch (error) {
      if (error instanceof PitcrewError) return error;
      throw error;
    }
    throw new Error(`"${given}" was taken for a time`);
  },
});

export const times: Group = {
  title: 'Times (on 25 October 2026 in Berlin, when the clocks went back)',
  cases: [
    time('soon', 'time.unreadable'),
    time('25:99', 'time.unreadable'),
    time('yesterday at 3', 'time.ambiguous'),
    time('02:30', 'time.ambiguous'),
    time('03/04/2026 02:00', 'time.date-order'),
    time('2026-10-24 02:00 CST', 'time.zone-name'),
    time('2026-03-29 02:30', 'time.skipped'),
    time('10月25日 02:30', 'time.ambiguous'),
    time('3月29日 02:30', 'time.skipped'),
    time('昨天 9 點', 'time.ambiguous'),
    time('剛剛', 'time.unreadable'),
    time('前天', 'time.unreadable'),
    time('from 02:00 to 03:00', 'time.unreadable'),
    time('yesterday 03:14 or so', 'time.unreadable'),
    time('2026-10-32 03:14', 'time.unreadable'),
  ],
};

function terminal(words: string): Case {
  const said = (locale: string) => {
    const given = readArguments(['--language', locale, ...words.split(' ')], {});
    return given.kind === 'wrong' ? given.why : '';
  };
  return { input: `\`pitcrew ${words}\``, ask: async () => ({ en: said('en'), 'zh-TW': said('zh-TW') }) };
}

export const terminals: Group = {
  title: 'In a terminal',
  cases: [
    terminal('chek-config'),
    terminal('worker now'),
    terminal('start --live'),
    terminal('check-config --lvie'),
    terminal('check-config --config'),
    terminal('check-config --role boss'),
  ],
};

/** One option of the example file changed; pitcrew doesn't start with it, and check-config says why. */
function option(path: string, value: unknown): Case {
  const shown = value === undefined ? 'left out' : JSON.stringify(value);
  return {
    input: `\`${path}\`: ${value === undefined ? shown : `\`${shown}\``}`,
    async ask() {
      const [fault] = faultsOf(having({ [path]: value }));
      if (!fault) throw new Error(`${path} was taken`);
      const { line: _, ...rest } = fault;
      const [en = '', chinese = ''] = locales.map((locale) => describeFault(locale, rest));
      return { en: en.replace(/\n +/, ' '), 'zh-TW': chinese.replace(/\n +/, '') };
    },
  };
}

const production = 'environments.production';

export const options: Group = {
  title: 'In pitcrew.yaml (all faults are told at once, each with its line)',
  cases: [
    option('ledger.bucket', undefined),
    option('ledger.region', 'Frankfurt'),
    option('people.approvers.users', ['@amir']),
    option(`${production}.channels.incident`, '#inc-production'),
    option(`${production}.objectives.rtoMinute`, 60),
    option(`${production}.approvals.required`, '2'),
    option(`${production}.database.timeZone`, 'CET+1'),
    option(`${production}.workloads`, [{ namespace: 'production', deployment: 'a', cronJob: 'a' }]),
    option(`${production}.schedules.daily`, '02:30'),
    option(`${production}.retention.daily`, 30),
    option(`${production}.checks.critical`, []),
    option(`${production}.restore.order`, 'sideways'),
    option(`${production}.restore.prestage`, 'when asked'),
    option(`${production}.restore.keepDays`, -1),
    option(`${production}.database.fenceRole.secret`, 'production/pitcrew/verify'),
  ],
};
