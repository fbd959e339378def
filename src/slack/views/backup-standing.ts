import type { BackupStanding } from '../../domain/backup.ts';
import type { Locale } from '../../domain/people.ts';
import type { Instant } from '../../domain/time.ts';
import { fitText, backupTexts as texts } from '../../messages/backups.ts';
import { showMoment } from '../../messages/units.ts';
import { code } from './mrkdwn.ts';

/** A migration's name may be a sentence. */
const longestId = 48;

/** When a backup was last proven, and whether the running application fits: as far as anybody knows. */
export function standingParts(standing: BackupStanding | undefined, now: Instant, locale: Locale): readonly string[] {
  if (!standing) return [];
  const { verified, fit } = standing;
  const shown = (id: string) => code(id.length > longestId ? `${id.slice(0, longestId)}…` : id);
  const fits = fitText(fit, locale, shown);
  return [
    ...(verified
      ? [texts.verified(locale, { ...verified, ago: showMoment(verified.at, 'UTC', now, locale).age })]
      : []),
    ...(fits === undefined ? [] : [fits]),
  ];
}
