import { describe, expect, it } from 'vitest';
import { locales, program } from '../domain/people.ts';
import { describeError } from '../messages/index.ts';
import { situationOf, stories } from '../slack/views/cards.fixture.ts';
import { code, quiet } from '../slack/views/mrkdwn.ts';
import { settings } from '../slack/views/plans.fixture.ts';
import { whereItStands } from '../slack/views/where-it-stands.ts';
import { cardText, plainText } from './card-text.ts';
import { gateText, planText } from './situations.ts';
import type { Terminal } from './terminal.ts';

const session = { terminal: { settings } as unknown as Terminal };

describe('a card as text', () => {
  it('has no mark of Slack’s formatting, and what was written by people is as they wrote it', () => {
    expect(plainText('*Why:* <@U0AMIR> in <#C0INC> &lt;b&gt; <https://x.example/a|the page>')).toBe(
      'Why: @U0AMIR in @C0INC <b> the page (https://x.example/a)',
    );
    expect(plainText(`_no command_\n${code('kubectl get * -o `x`')}`)).toBe('no command\nkubectl get * -o `x`');
    expect(plainText(quiet('drop *all* of order_items & more'))).toBe('drop *all* of order_items & more');
  });

  it.each(locales)('says commands as they are typed here: %s', (language) => {
    for (const name of Object.keys(stories)) {
      const text = cardText(whereItStands(situationOf(name, { language, command: program })));
      expect(text).not.toContain('/backup ');
      expect(text.includes('pitcrew rollback'), name).toBe(
        cardText(whereItStands(situationOf(name, language))).includes('/backup rollback'),
      );
    }
    const { hint } = describeError({ language, command: program }, { code: 'ledger.unknown', params: {} });
    expect(hint).toContain('`pitcrew status`');
  });

  it.each(Object.keys(stories))('"%s" leaves no mark over, in both languages', (name) => {
    for (const locale of locales) {
      const text = cardText(whereItStands(situationOf(name, locale)));
      expect(text).not.toMatch(/&(lt|gt|amp);|<[@#!]|\u2060/);
      // The one asterisk that stays is of a reason that somebody wrote.
      expect(text.replaceAll('*one*', '')).not.toMatch(/(?<!\S)\*\S/);
      expect(text.length).toBeGreaterThan(40);
    }
  });

  it.each(locales)(
    'the plan stands whole: facts, cautions, every command, every setting, the digest (%s)',
    (locale) => {
      const text = planText(session, situationOf('waiting for approval', locale));
      expect(text).not.toMatch(/in the thread|討論串/);
      expect(text).toMatchSnapshot();
    },
  );

  it.each(locales)('what was found stands with how to decide (%s)', (locale) => {
    expect(gateText(session, situationOf('asked about findings', locale), 'findings')).toMatchSnapshot();
  });
});
