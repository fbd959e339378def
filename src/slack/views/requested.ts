import { approvalTexts as texts } from '../../messages/approval.ts';
import { mention, quiet } from './mrkdwn.ts';
import type { Situation } from './situation.ts';

/** Who asked for it. */
export const askerOf = ({ state }: Pick<Situation, 'state'>) => mention(state.request?.requester.slackUser ?? '?');

/** What for, in their own words. */
export function whyLine({ state, locale }: Pick<Situation, 'state' | 'locale'>): string {
  const reason = state.request?.reason;
  return texts.why(locale, { reason: reason ? quiet(reason) : texts.noReason(locale) });
}
