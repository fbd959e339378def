import { describe, expect, it } from 'vitest';
import { orderNames, orderTexts } from '../messages/cli-commands.ts';
import { orderHelp } from '../messages/cli-help.ts';
import { readOrder } from './read-order.ts';

const english = { language: 'en', command: 'pitcrew' } as const;
const chinese = { language: 'zh-TW', command: 'pitcrew' } as const;

const read = (line: string, variables = {}) => readOrder(line.match(/"[^"]*"|\S+/g)?.map(unquoted) ?? [], variables);
const unquoted = (word: string) => word.replace(/^"|"$/g, '');

describe('what is typed at a terminal', () => {
  it('is an order with its environment, typed or by --env, and its options', () => {
    expect(read('restore production --from latest --if-fails stay-stopped --reason "orders gone" --yes')).toMatchObject(
      {
        kind: 'order',
        locale: english,
        json: false,
        order: {
          name: 'restore',
          environment: 'production',
          values: { from: 'latest', 'if-fails': 'stay-stopped', reason: 'orders gone', yes: '' },
        },
      },
    );
    expect(read('list --env production --json')).toMatchObject({ json: true, order: { environment: 'production' } });
    expect(read('status')).toMatchObject({ order: { name: 'status' } });
    const both = { environment: 'production', object: 'a.dump' };
    for (const line of ['adopt production a.dump', 'adopt a.dump --env production'])
      expect(read(line)).toMatchObject({ order: { name: 'adopt', ...both } });
    expect(read('adopt a.dump')).toEqual(
      expect.objectContaining({ order: { name: 'adopt', object: 'a.dump', values: {} } }),
    );
    expect(read('verify --deep --instance shop-r1')).toMatchObject({
      order: { name: 'verify', values: { deep: '', instance: 'shop-r1' } },
    });
  });

  it('a table may be named again, nothing else', () => {
    expect(read('rescue op-0123456789ab --table orders --table order_items --where id<5 --reason y')).toMatchObject({
      order: { name: 'rescue', values: { table: 'orders\norder_items', where: 'id<5' } },
    });
    expect(read('list --env production --env staging')).toMatchObject({ order: { environment: 'staging' } });
  });

  it('is not for here when it is another command’s', () => {
    for (const line of ['', 'start', 'check-config --json', '--help', 'aprove op-1'])
      expect(read(line)).toBeUndefined();
  });

  it('speaks the language that was asked for, else the terminal’s own', () => {
    expect(read('list', { LANG: 'zh_TW.UTF-8' })?.locale).toEqual(chinese);
    expect(read('list --language en', { LANG: 'zh_TW.UTF-8' })?.locale).toEqual(english);
  });

  it.each([
    ['restore production', /Say why/],
    ['deny op-0123456789ab', /Say why/],
    ['restore production --reason " "', /Say why/],
    [`snapshot production --reason ${'x'.repeat(501)}`, /500/],
    ['approve', /pitcrew approve OPERATION/],
    ['pitr production --reason y', /--to TIME/],
    ['rollback op-0123456789ab', /Say why/],
    ['rescue op-0123456789ab --reason y', /--table TABLE/],
    ['run op-0123456789ab twice', /one word too many/],
    ['list production --env production', /one word too many/],
    ['restore --form x --reason y', /--from/],
    ['list --reason y', /no option --reason/],
    ['restore --if-fails retrun --reason y', /return\|stay-stopped/],
    ['approve op-0123456789ab --gate end', /start\|findings\|cut-over\|supersede/],
    ['adopt', /pitcrew adopt \[ENV\] S3-KEY/],
    ['adopt production a b', /one word too many/],
    ['adopt --env production', /pitcrew adopt \[ENV\] S3-KEY/],
    ['supersede op-0123456789ab', /Say why/],
    ['verify production --deep=yes', /takes no value/],
    ['restore --reason', /needs a value/],
    ['restore --yes=no --reason y', /takes no value/],
  ])('"%s" is told to be wrong, with what to do', (line, why) => {
    const got = read(line);
    expect(got).toMatchObject({ kind: 'wrong', why: expect.stringMatching(why) });
  });

  it('--help and help explain one command, with every option it takes, in both languages', () => {
    for (const name of orderNames)
      for (const locale of [english, chinese]) {
        const got = read(`${name} --help --language ${locale.language}`);
        expect(got).toEqual({ kind: 'help', locale, json: false, text: orderHelp(locale, name) });
        for (const option of orderTexts[name].options) expect(orderHelp(locale, name)).toContain(`--${option}`);
      }
    expect(read('help run')).toMatchObject({ kind: 'help' });
  });

  it.each(orderNames.flatMap((name) => orderTexts[name].examples))('the example "%s" is right', (example) => {
    expect(read(example.replace(/^pitcrew /, ''))).toMatchObject({ kind: 'order' });
  });
});
