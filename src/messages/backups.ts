import type { BackupStanding, LastVerified, Tier } from '../domain/backup.ts';
import type { Locale } from '../domain/people.ts';
import { type Catalogue, plain, text } from './text.ts';
import { counted, showCount } from './units.ts';

const tiers: Readonly<Record<Tier, (locale: Locale) => string>> = {
  hourly: plain('hourly', '每小時'),
  daily: plain('daily, by RDS', '每日（RDS）'),
  weekly: plain('weekly', '每週'),
  manual: plain('manual', '手動'),
  rescue: plain('rescue, of what was replaced', 'rescue（被取代的資料）'),
  'aws-backup': plain('by AWS Backup', 'AWS Backup'),
  foreign: plain('of another account', '其他 AWS account'),
};

type Fit = BackupStanding['fit'];

/** What pitcrew knows of a backup, beside when it was made and how large it is. */
export const backupTexts = {
  tier: (locale: Locale, tier: Tier) => tiers[tier](locale),
  verified: text<Pick<LastVerified, 'by' | 'outcome'> & { ago: string }>(
    ({ by, outcome, ago }) =>
      outcome === 'fail'
        ? `❌ *found damaged* ${ago}`
        : by === 'read'
          ? `✅ read back whole ${ago}`
          : outcome === 'pass'
            ? `✅ proven by a restore ${ago}`
            : `◻️ restored ${ago}, not all proven`,
    ({ by, outcome, ago }) =>
      outcome === 'fail'
        ? `❌ *${ago}發現損壞*`
        : by === 'read'
          ? `✅ ${ago}完整讀回`
          : outcome === 'pass'
            ? `✅ ${ago}經 restore 驗證`
            : `◻️ ${ago} restore 過，未全部驗證`,
  ),
  fits: plain('fits the running version', '與執行中的版本相容'),
  older: text<{ after: string; upTo: string; count: number | null }>(
    ({ after, upTo, count }) =>
      `⚠️ *older than the application*: ${count === null ? 'migrations' : counted(count, 'migration')} after ${after}, up to ${upTo}, would be missing`,
    ({ after, upTo, count }) =>
      `⚠️ *比 application 舊*：會缺少 ${after} 之後到 ${upTo} 的${count === null ? ' ' : ` ${showCount(count, 'zh-TW')} 個 `}migration`,
  ),
  newer: text<{ newest: string; running: string }>(
    ({ newest, running }) =>
      `⚠️ *other than the application*: it has migration ${newest}, and the running database, at ${running}, has not`,
    ({ newest, running }) =>
      `⚠️ *與 application 不同*：它有 migration ${newest}，而執行中的 database（目前為 ${running}）沒有`,
  ),
  hint: plain(
    'Where nothing is said of a proof or of the version, pitcrew doesn’t know.',
    '沒有註明驗證結果或版本的，表示 pitcrew 不知道。',
  ),
} as const;

/** Undefined where nobody knows: silence is told once, below the list. */
export function fitText(fit: Fit, locale: Locale, shown: (id: string) => string): string | undefined {
  switch (fit.kind) {
    case 'fits':
      return backupTexts.fits(locale);
    case 'older':
      return backupTexts.older(locale, { ...fit, after: shown(fit.after), upTo: shown(fit.upTo) });
    case 'newer':
      return backupTexts.newer(locale, { newest: shown(fit.newest), running: shown(fit.running) });
    case 'unknown':
      return undefined;
    default: {
      const never: never = fit;
      return never;
    }
  }
}

/** On the card on which people decide about a restore. */
export const versionNotes: Catalogue = {
  'version.older': text(
    (p) =>
      `⚠️ The running application is newer than this backup: ${typeof p.count === 'number' ? counted(p.count, 'migration') : 'migrations'} after ${p.after}, up to ${p.upTo}, would be missing. Run them after the restore, or deploy the release that fits.`,
    (p) =>
      `⚠️ 執行中的 application 比這個 backup 新：會缺少 ${p.after} 之後到 ${p.upTo} 的${typeof p.count === 'number' ? ` ${p.count} 個 ` : ' '}migration。請在 restore 之後執行，或部署相容的版本。`,
  ),
  'version.newer': text(
    (p) =>
      `⚠️ This backup has migration ${p.newest}, and the running database, at ${p.running}, has not: the running application may not fit it.`,
    (p) =>
      `⚠️ 這個 backup 有 migration ${p.newest}，而執行中的 database（目前為 ${p.running}）沒有：執行中的 application 可能不相容。`,
  ),
};
