import { expect } from 'vitest';
import { perform } from '../../src/cli/perform.ts';
import { readOrder } from '../../src/cli/read-order.ts';
import { exits, type Session, type Terminal } from '../../src/cli/terminal.ts';
import { composeReports } from '../../src/compose-report.ts';
import { Plans } from '../../src/ledger/plans.ts';
import type { Case, Group } from './cases.ts';
import type { Ground } from './ground.ts';

interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const amir = 'arn:aws:iam::123456789012:user/amir';
const unasked = () => Promise.reject(new Error('bad input asks for nothing'));

/** A terminal over the ground's own requests, where nobody can be asked anything: as in a script. */
function terminalOf(ground: Ground): Terminal {
  const settings = ground.settingsWith();
  const requests = ground.requests(settings);
  return {
    settings,
    requests,
    report: composeReports({ store: ground.store, plans: new Plans(ground.store) }, settings),
    identity: {
      sign: async () => ({ accessKeyId: 'AMIR', signedAt: 'now', signature: 's', token: 't' }),
      callerOf: async () => amir,
    },
    shelf: { store: ground.store, markers: ground.store.markers },
    recoveryPoints: unasked,
    windows: unasked,
    dumps: unasked,
    standings: unasked,
    findLastGood: unasked,
    wasTold: () => false,
    driver: () => {
      throw new Error('bad input drives nothing');
    },
    close: () => {},
  } as unknown as Terminal;
}

/** As `pitcrew` with these words, up to what the process would end with. */
async function typedAt(ground: Ground, words: readonly string[]): Promise<Told> {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Session['io'] = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    live: () => {},
    isTty: false,
    ask: unasked,
    onInterrupt: () => () => {},
    now: () => new Date('2026-11-20T03:14:00Z'),
  };
  const told = (code: number): Told => ({ code, out: out.join('\n'), err: err.join('\n') });
  const read = readOrder(words, {});
  if (read?.kind === 'wrong') io.err(read.why);
  if (read?.kind !== 'order') return told(exits.usage);
  const { locale, json, order } = read;
  return told(await perform({ terminal: terminalOf(ground), io, locale, json }, order));
}

/** Words as a shell divides them. */
const divided = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);

/** What is wrong usage (2) goes to standard error; what failed (1) too, or, with `--json`, is the one document there is. */
function order(line: string, code: number): Case {
  return {
    input: `\`pitcrew ${line}\``,
    async ask(ground) {
      const words = divided(line);
      const recorded = ground.store.objects.size;
      const [en, chinese, json] = [
        await typedAt(ground, [...words, '--language', 'en']),
        await typedAt(ground, [...words, '--language', 'zh-TW']),
        await typedAt(ground, [...words, '--language', 'en', '--json']),
      ];
      expect([en.code, chinese.code, json.code]).toEqual([code, code, code]);
      expect([en.out, chinese.out], 'nothing but what was asked for goes to standard output').toEqual(['', '']);
      expect(`${en.err}${chinese.err}`).not.toContain('/backup');
      if (code === exits.usage) expect([json.out, json.err]).toEqual(['', en.err]);
      else {
        const { ok, error } = JSON.parse(json.out);
        expect([ok, json.err, en.err]).toEqual([false, '', `${error.what}\n${error.hint} (${error.code})`]);
      }
      expect(ground.store.objects.size, 'nothing was recorded').toBe(recorded);
      return { en: en.err.replaceAll('\n', ' '), 'zh-TW': chinese.err.replaceAll('\n', '') };
    },
  };
}

const because = '--reason "a test"';
const { failed, usage } = exits;

export const orders: Group = {
  title: 'Operations asked for in a terminal (exit code 2: wrong usage; 1: refused)',
  cases: [
    order(`restore prodution --yes ${because}`, failed),
    order(`restore production ${because}`, usage),
    order('restore production --yes', usage),
    order(`restore production staging --yes ${because}`, usage),
    order(`restore production --form latest --yes ${because}`, usage),
    order(`restore production --from --yes ${because}`, usage),
    order(`restore production --from "'; drop table orders" --yes ${because}`, failed),
    order(`restore production --beside --yes ${because}`, failed),
    order(`restore production --in-place --from latest --yes ${because}`, failed),
    order(`restore production --from database/a.dump --beside --in-place --yes ${because}`, failed),
    order(`restore production --from database/a.dump --beside=yes --yes ${because}`, usage),
    order(`restore production --from database/a.dump --in-place --order restore-first --yes ${because}`, failed),
    order(`restore production --order sideways --yes ${because}`, usage),
    order(`restore production --if-fails never --yes ${because}`, usage),
    order(`restore production --incident-at soon --yes ${because}`, failed),
    order(`pitr production --yes ${because}`, usage),
    order(`pitr production --to soon --yes ${because}`, failed),
    order(`pitr production --to 2999-01-01T00:00:00Z --yes ${because}`, failed),
    order(`pitr production --to "2026-10-25 02:30" --yes ${because}`, failed),
    order(`pitr production --to "2026-03-29 02:30" --yes ${because}`, failed),
    order(`pitr production --to 明天 --yes ${because}`, failed),
    order(`pitr production --to latest --order restore-first --yes ${because}`, failed),
    order(`rollback ${because}`, usage),
    order(`rollback last --yes ${because}`, failed),
    order(`rollback op-000000000000 --yes ${because}`, failed),
    order(`rescue op-000000000000 --yes ${because}`, usage),
    order(`rescue op-000000000000 --table orders --yes ${because}`, failed),
    order(`rescue the-last --table orders --yes ${because}`, failed),
    order(`rescue op-000000000000 --table "" --yes ${because}`, usage),
    order(`cleanup --yes ${because}`, usage),
    order(`cleanup production --yes ${because}`, failed),
    order(`cleanup op-000000000000 --now=yes --yes ${because}`, usage),
    order('adopt', usage),
    order('adopt prodution database/a.dump', failed),
    order('dump production --from latest', usage),
    order('verify prodution --deep', failed),
    order('find production --table orders', failed),
    order('find production --table "orders; drop" --where true', failed),
    order('find production --since 2999-01-01T00:00:00Z', failed),
    order('list prod', failed),
    order('list production staging', usage),
    order('history prod', failed),
    order('status 17', failed),
    order('report', usage),
    order('report last', failed),
    order('report op-000000000000', failed),
    order('approve', usage),
    order('approve last', failed),
    order('approve op-000000000000 --gate sideways', usage),
    order('approve op-000000000000 --gate cut-over --digest 0123456789ab', failed),
    order('deny op-000000000000 --gate findings --digest 0123456789ab', usage),
    order(`deny op-000000000000 --gate findings --digest 0123456789ab ${because}`, failed),
    order('supersede op-000000000000', usage),
    order('cancel production', failed),
    order('run last', failed),
  ],
};
