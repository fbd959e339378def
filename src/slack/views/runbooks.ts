import { failureTexts as texts } from '../../messages/outcome.ts';
import { showList } from '../../messages/units.ts';
import { link } from './mrkdwn.ts';
import type { Situation } from './situation.ts';

/** The runbooks that the config names for an environment, each a link; empty when it names none. */
export function runbookLine({ environment, locale }: Pick<Situation, 'environment' | 'locale'>): string {
  const links = Object.entries(environment?.runbooks ?? {}).map(([name, url]) => link(url, name));
  return links.length === 0 ? '' : texts.runbooks(locale, { links: showList(links, locale) });
}
