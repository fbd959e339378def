import { type ErrorCatalogue, errorText, plain, type Recorded, text } from './text.ts';
import { counted } from './units.ts';

const listed = (of: Recorded[string]) => (Array.isArray(of) ? of.map((one) => `\`${String(one)}\``).join(', ') : '');
const meant = ({ closest }: Recorded, before: string, after: string) =>
  listed(closest) === '' ? '' : `${before}${listed(closest)}${after}`;

/** Why a verification is not begun. */
export const verifyErrors: ErrorCatalogue = {
  'verify.not-running': errorText(
    [
      (p) => `Instance \`${p.instance}\` is \`${p.status}\`: there is no database to look at.`,
      () => 'Start it, or wait until it is available; then ask again.',
    ],
    [
      (p) => `Instance \`${p.instance}\` 的狀態是 \`${p.status}\`：沒有可檢查的 database。`,
      () => '請啟動它，或等到可用之後再試一次。',
    ],
  ),
  'verify.instance-unknown': errorText(
    [
      (p) => `There is no instance \`${p.given}\`.${meant(p, ' Did you mean ', '?')}`,
      (p) =>
        listed(p.known) === ''
          ? 'Leave `--instance` out for the one that serves.'
          : `Of this environment there are: ${listed(p.known)}. Leave \`--instance\` out for the one that serves.`,
    ],
    [
      (p) => `沒有 instance \`${p.given}\`。${meant(p, '是不是 ', '？')}`,
      (p) =>
        listed(p.known) === ''
          ? '省略 `--instance` 即檢查提供服務的 instance。'
          : `這個環境有：${listed(p.known)}。省略 \`--instance\` 即檢查提供服務的 instance。`,
    ],
  ),
  'verify.instance-of-other': errorText(
    [
      (p) => `Instance \`${p.instance}\` is not of \`${p.environment}\`: neither was made from the other.`,
      (p) =>
        `Of \`${p.environment}\` there are: ${listed(p.known) || 'none'}. Name one of them, or its own environment.`,
    ],
    [
      (p) => `Instance \`${p.instance}\` 不屬於 \`${p.environment}\`：兩者沒有來源關係。`,
      (p) => `\`${p.environment}\` 有：${listed(p.known) || '無'}。請指定其中一個，或改用它所屬的環境。`,
    ],
  ),
  'verify.no-deep-minutes': errorText(
    [
      (p) => `\`${p.environment}\` gives the deep verification no time: \`checks.deepMinutes\` is 0.`,
      () => 'Leave `--deep` out, or set `checks.deepMinutes` in the config.',
    ],
    [
      (p) => `\`${p.environment}\` 沒有給深度驗證時間：\`checks.deepMinutes\` 為 0。`,
      () => '請省略 `--deep`，或在 config 中設定 `checks.deepMinutes`。',
    ],
  ),
};

/** What the steps do; both only look. */
export const verifyStepTexts = {
  'check-database': {
    title: plain('Go through the verification checklist', '逐項執行驗證檢查清單'),
    undo: () => '',
  },
  'check-deeply': {
    title: plain('Read every table, key and index', '讀取每個 table、key 與 index'),
    undo: () => '',
  },
} as const;

/** What the card of a verification says. */
export const verifyTexts = {
  of: text<{ environment: string }>(
    ({ environment }) => `verification of ${environment}`,
    ({ environment }) => `${environment} 的驗證`,
  ),
  failed: text<{ count: number }>(
    ({ count }) => `${counted(count, 'check')} failed`,
    ({ count }) => `${count} 項檢查不通過`,
  ),
  unproven: plain('Nothing failed, not everything is proven', '沒有不通過的檢查，但並非全部得到證實'),
  sound: plain('Every check passed', '所有檢查都通過'),
  serving: text<{ instance: string }>(
    ({ instance }) => `${instance}, which the application uses`,
    ({ instance }) => `${instance}（application 使用中）`,
  ),
  apart: text<{ instance: string }>(
    ({ instance }) => `${instance}, which the application does not use`,
    ({ instance }) => `${instance}（application 並未使用）`,
  ),
  looked: text<{ instance: string; took: string }>(
    ({ instance, took }) => `*Looked at:* ${instance} · ${took}. Nothing was changed.`,
    ({ instance, took }) => `*檢查對象：* ${instance} · ${took}。沒有變更任何東西。`,
  ),
  against: text<{ at: string; age: string }>(
    ({ at, age }) => `*Compared with:* the baseline of ${at}, ${age}`,
    ({ at, age }) => `*比對對象：* ${at} 的 baseline，${age}`,
  ),
  withoutBaseline: plain(
    (slash) => `*Compared with:* nothing; there is no baseline. \`${slash} snapshot\` makes one.`,
    (slash) => `*比對對象：* 無；沒有 baseline。\`${slash} snapshot\` 會產生 baseline。`,
  ),
  known: plain(
    '*Wrong when the baseline was measured already, and still:*',
    '*量測 baseline 時就有、目前仍存在的問題：*',
  ),
  list: text<{ environment: string }>(
    ({ environment }, slash) => `What it can go back to: \`${slash} list ${environment}\``,
    ({ environment }, slash) => `可回復的時間點：\`${slash} list ${environment}\``,
  ),
  deeper: text<{ environment: string }>(
    ({ environment }, slash) => `Every table, key and index: \`${slash} verify ${environment} --deep\``,
    ({ environment }, slash) => `檢查每個 table、key 與 index：\`${slash} verify ${environment} --deep\``,
  ),
} as const;
