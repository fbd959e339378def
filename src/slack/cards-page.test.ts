import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locales } from '../domain/people.ts';
import { gallery } from './views/gallery.fixture.ts';

const docs = new URL('../../docs/', import.meta.url).pathname;
const page = readFileSync(join(docs, 'cards.md'), 'utf8');
const pictures = readdirSync(join(docs, 'screenshots'));

describe('the page of all cards', () => {
  it.each(locales)('shows every message that pitcrew writes: %s', (locale) => {
    const names = Object.keys(gallery(locale)).map((name) => `${name.replaceAll(' ', '-')}.${locale}.png`);
    expect(names.length).toBeGreaterThan(70);
    expect(names.filter((name) => !page.includes(`(screenshots/${name})`))).toEqual([]);
    expect(names.filter((name) => !existsSync(join(docs, 'screenshots', name)))).toEqual([]);
  });

  it('has no picture that nobody is shown', () => {
    expect(pictures.filter((name) => !page.includes(`(screenshots/${name})`))).toEqual([]);
  });
});
