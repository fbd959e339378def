import type { ServiceState } from '../../domain/events.ts';
import { serviceAfterRestore, serviceAfterRollback } from '../../domain/service-after.ts';
import { stepState } from '../../domain/state.ts';
import { besideServiceTexts, inPlaceServiceTexts, swapNeverKnown, swapNotKnown } from '../../messages/from-dump.ts';
import { serviceTexts } from '../../messages/outcome.ts';
import { rollbackServiceTexts } from '../../messages/rollback.ts';
import { swappedBackOrNot } from '../../messages/swap-back.ts';
import { cleanupService, isCleanup } from './cleanup.ts';
import { escaped } from './mrkdwn.ts';
import { isRescue, rescueService } from './rescue.ts';
import { isRollback } from './rollback.ts';
import { environmentName, isBeside, isInPlace, isRestore, type Situation } from './situation.ts';

/** Which state the service is in: as the engine closed it, or as the steps of a parked operation say. */
export function serviceNow({ state }: Pick<Situation, 'state'>): ServiceState {
  if (state.closed) return state.closed.service;
  if (isRollback({ state })) return serviceAfterRollback(state);
  return isRestore({ state }) ? serviceAfterRestore(state) : 'unchanged';
}

/** The first line of a card about an operation that did not reach its goal. */
export function serviceLine(situation: Situation): string {
  const { state, locale } = situation;
  if (isCleanup(situation)) return cleanupService(situation);
  if (isRescue(situation)) return rescueService(situation);
  const said = { environment: escaped(environmentName(situation)) };
  if (stepState(state, 'swap-names')?.status === 'intended')
    return (state.closed ? swapNeverKnown : swapNotKnown)(locale, said);
  if (stepState(state, 'swap-back')?.status === 'intended')
    return (state.closed ? swappedBackOrNot.never : swappedBackOrNot.unknown)(locale, said);
  const now = serviceNow(situation);
  if (isRollback(situation)) return rollbackServiceTexts[now](locale, said);
  const own = isInPlace(situation)
    ? inPlaceServiceTexts[now]
    : isBeside(situation)
      ? besideServiceTexts[now]
      : undefined;
  return (own ?? serviceTexts[now])(locale, said);
}
