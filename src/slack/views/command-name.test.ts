import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Language, locales } from '../../domain/people.ts';
import { commandNames } from '../../messages/commands.ts';
import { describeError, describeFinding, describeWait, errors, findings, waits } from '../../messages/index.ts';
import { situationOf } from './cards.fixture.ts';
import { gallery } from './gallery.fixture.ts';
import { commandHelp, helpView } from './help.ts';
import { rescueModal } from './rescue-modal.ts';
import { whereItStands } from './where-it-stands.ts';

/** As long as the usual name: what is cut is cut in the same place. */
const command = '/db-ops';
const named = (language: Language) => ({ language, command });
/** As the usual name stands in texts; `s3://…/backup-20261120.dump` is nobody's command. */
const renamed = (text: string) => text.replaceAll(/\/backup(?= )/g, command);

const environments = ['production', 'staging'];

describe.each(locales)('a slash command of another name, in %s', (language) => {
  const usually = Object.entries(gallery(language));
  const here = gallery(named(language));

  it.each(usually)('stands in every message as the workspace calls it: %s', (name, shown) => {
    expect(JSON.stringify(here[name])).toBe(renamed(JSON.stringify(shown)));
    expect(JSON.stringify(here[name])).not.toContain('/backup ');
  });

  it('stands so in help: of all commands, and of each with its examples', () => {
    const usual = JSON.stringify(helpView(environments, language));
    expect(usual.split('/backup ').length).toBeGreaterThan(commandNames.length);
    expect(JSON.stringify(helpView(environments, named(language)))).toBe(renamed(usual));
    for (const name of commandNames) {
      const said = JSON.stringify(commandHelp(name, language));
      expect(said, name).toContain(`/backup ${name}`);
      expect(JSON.stringify(commandHelp(name, named(language))), name).toBe(renamed(said));
    }
  });

  it('stands so in every error with its hint, every wait and every finding', () => {
    const params = { operation: 'op-0123456789ab', environment: 'production', command: 'rescue', example: 'rescue op' };
    const all = (locale: Parameters<typeof describeError>[0]) => [
      ...Object.keys(errors).map((code) => describeError(locale, { code, params })),
      ...Object.keys(waits).map((code) => describeWait(locale, { code, params })),
      ...Object.keys(findings).map((code) => describeFinding(locale, code, params)),
    ];
    const usual = JSON.stringify(all(language));
    expect(usual.split('/backup ').length).toBeGreaterThan(40);
    expect(JSON.stringify(all(named(language)))).toBe(renamed(usual));
  });

  it('stands so in the dialog of a rescue', () => {
    const view = JSON.stringify(rescueModal({ channel: 'C0INCPROD', environment: 'production' }, named(language)));
    expect(view).toContain(`${command} history`);
    expect(view).not.toContain('/backup');
  });

  it('leaves what people wrote as they wrote it', () => {
    const words = fc.string().map((text) => `typed /backup restore${text.replaceAll(/[<>&*_~`\\"\s\p{C}]/gu, '')}`);
    fc.assert(
      fc.property(words, (reason) => {
        const situation = situationOf('waiting for approval', named(language));
        const request = situation.state.request && { ...situation.state.request, reason };
        const state = { ...situation.state, ...(request ? { request } : {}) };
        expect(JSON.stringify(whereItStands({ ...situation, state })).replaceAll('\u2060', '')).toContain(
          'typed /backup restore',
        );
        expect(describeError(named(language), { code: 'command.unknown', params: { given: reason } }).what).toContain(
          reason,
        );
      }),
      { numRuns: 40 },
    );
  });
});

it('the usual name is written in one place: every text takes it from whom it is rendered for', () => {
  const source = fileURLToPath(new URL('../..', import.meta.url));
  const named = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file) && file !== 'domain/people.ts')
    .flatMap((file) =>
      readFileSync(`${source}${file}`, 'utf8')
        .split('\n')
        .map((line) => `${file}: ${line.trim()}`),
    )
    .filter((line) => /\/backup(?=[ `'"])/.test(line) && !/: (\*|\/\*\*|\/\/)/.test(line));
  expect(named).toEqual([]);
});
