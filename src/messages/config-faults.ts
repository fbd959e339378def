import type { Phrase } from './config-expected.ts';
import { plain, text } from './text.ts';

/** What was found where something else should stand. */
export const foundTexts = {
  nothing: plain('nothing', '空的'),
  emptyList: plain('an empty list', '空的清單'),
  list: plain('a list', '清單'),
  group: plain('a group of options', '一組選項'),
  secretLooking: plain('a text that looks like a secret', '看起來像 secret 的文字'),
} as const;

interface Wrong {
  readonly found: Phrase;
  readonly expected: Phrase;
}

/** What is wrong with an option of pitcrew.yaml or with a variable: what follows its name. */
export const problems = {
  missing: text<{ expected: Phrase }>(
    ({ expected }) => `is missing; it must be ${expected('en')}`,
    ({ expected }) => `沒有設定；必須是${spaced(expected('zh-TW'))}`,
  ),
  'wrong-value': text<Wrong>(
    ({ found, expected }) => `is ${found('en')}; it must be ${expected('en')}`,
    ({ found, expected }) => `目前是${spaced(found('zh-TW'))}；必須是${spaced(expected('zh-TW'))}`,
  ),
  'missing-beside': text<{ other: string }>(
    ({ other }) => `is missing, though ${other} is set: the one means nothing without the other`,
    ({ other }) => `沒有設定，但有設定 ${other}：兩者必須一起設定`,
  ),
  /** As a secret's variable: the value is not repeated. */
  'wrong-form': text<{ expected: Phrase }>(
    ({ expected }) => `is not ${expected('en')}`,
    ({ expected }) => `不是${spaced(expected('zh-TW'))}`,
  ),
  'wrong-name': text<{ expected: Phrase }>(
    ({ expected }) => `can’t have that name; it must be ${expected('en')}`,
    ({ expected }) => `不能用這個名稱；必須是${spaced(expected('zh-TW'))}`,
  ),
  'set-to-nothing': text(
    () => 'is set to nothing; give it a value or unset it',
    () => '設成了空的；請給它值，或不要設定',
  ),
  'unknown-option': text<{ near?: string; known: readonly string[] }>(
    ({ near, known }) => (near ? `is no option: did you mean ${near}` : `is no option: there are ${known.join(', ')}`),
    ({ near, known }) => (near ? `不是選項：你是不是要寫 ${near}` : `不是選項：可用的有 ${known.join('、')}`),
  ),
  'not-yaml': text<{ why: Phrase }>(
    ({ why }) => `can’t be read as YAML: ${why('en')}`,
    ({ why }) => `不是可讀取的 YAML：${why('zh-TW')}`,
  ),
  'empty-file': text(
    () => 'is empty',
    () => '是空的',
  ),
  'unreadable-file': text(
    () => 'can’t be read',
    () => '無法讀取',
  ),
  'names-nobody': text(
    () => 'names nobody, so nothing could ever be approved',
    () => '沒有列出任何人，因此什麼都無法核准',
  ),
  'too-few-approvers': text<{ required: number; users: number }>(
    ({ required, users }) => `is ${required}, and people.approvers names only ${users}: nothing could ever be approved`,
    ({ required, users }) => `目前是 ${required}，但 people.approvers 只列出 ${users} 人：什麼都無法核准`,
  ),
  'approver-too': text<{ user: string }>(
    ({ user }) => `names ${user}, who is an approver too: break-glass is for people who may not approve otherwise`,
    ({ user }) => `列出了 ${user}，但他也是核准者：break-glass 是給平常不能核准的人使用`,
  ),
  'same-as-entry': text<{ entry: number }>(
    ({ entry }) => `says the same as entry ${entry}`,
    ({ entry }) => `與第 ${entry} 項相同`,
  ),
  'same-as-option': text<{ option: string }>(
    ({ option }) => `says the same as ${option}: they must differ`,
    ({ option }) => `與 ${option} 相同：兩者必須不同`,
  ),
  'another-environments': text<{ environment: string }>(
    ({ environment }) =>
      `is the secret of ${environment} too, with the same key for the host: a restore of the one would move the other`,
    ({ environment }) => `也是 ${environment} 的 secret，host 的 key 也相同：restore 其中一個會連另一個一起切換`,
  ),
  'retention-without-schedule': text<{ tier: string }>(
    ({ tier }) => `is set, but schedules.${tier} is not: nothing is made that could be kept that long`,
    ({ tier }) => `有設定，但沒有 schedules.${tier}：不會產生需要保留的 backup`,
  ),
  'kept-shorter-than-above': text<{ above: string }>(
    ({ above }) => `is shorter than retention.${above}: the rarer backups are there to be kept longer`,
    ({ above }) => `比 retention.${above} 短：間隔較長的 backup 應該保留得更久`,
  ),
  'replicas-of-cron-job': text(
    () => 'means nothing for a CronJob: it is suspended, not scaled',
    () => '對 CronJob 沒有意義：它會被 suspend，不會調整 replicas',
  ),
  'earlier-than-before': text<{ minutes: number; before: number }>(
    ({ minutes, before }) => `is ${minutes}, earlier than the level before it (${before})`,
    ({ minutes, before }) => `目前是 ${minutes}，比前一個層級（${before}）早`,
  ),
  'exec-without-tools': text(
    () => 'is missing: with runner: exec it says in which pod pg_dump is',
    () => '缺少：使用 runner: exec 時必須說明 pg_dump 在哪個 pod',
  ),
  'over-the-ledger': text<{ bucket: string }>(
    ({ bucket }) => `reaches into the ledger’s own part of ${bucket}: dumps are deleted some day, the ledger never`,
    ({ bucket }) => `與 ledger 在 ${bucket} 中的範圍重疊：dump 總有一天會刪除，ledger 永遠不會`,
  ),
} as const;

export type ProblemCode = keyof typeof problems;

const tooManyAliases = plain('its aliases would fill the memory', '其中的 alias 會用盡記憶體');
const aliasToNowhere = plain('an alias leads nowhere', '有 alias 找不到對應的 anchor');
const misplaced = plain('something here is out of place', '這裡有不該出現的內容');

/** Why a text is no YAML, by the parser's own codes. Its words quote the file, so they are not repeated. */
export const yamlTexts: Readonly<Record<string, Phrase>> = {
  BAD_ALIAS: aliasToNowhere,
  BAD_INDENT: plain('the indentation doesn’t fit, or a bracket isn’t closed', '縮排不對，或有括號沒有關閉'),
  BAD_SCALAR_START: plain('a text begins with a sign that needs quotes around it', '有文字以需要加引號的符號開頭'),
  BAD_DQ_ESCAPE: plain('a backslash in double quotes means nothing here', '雙引號中的反斜線用法不對'),
  BLOCK_AS_IMPLICIT_KEY: plain('two options stand on one line', '同一行寫了兩個選項'),
  DUPLICATE_KEY: plain('an option stands here twice', '同一個選項寫了兩次'),
  MISSING_CHAR: plain('a bracket, a quote or a comma is missing', '少了括號、引號或逗號'),
  MULTIPLE_DOCS: plain('it holds more than one document', '裡面有一份以上的文件'),
  MULTILINE_IMPLICIT_KEY: plain('a colon is missing', '少了冒號'),
  NON_STRING_KEY: plain('the name of an option is no text', '選項的名稱不是文字'),
  RESOURCE_EXHAUSTION: tooManyAliases,
  TAB_AS_INDENT: plain('a tab stands where spaces must', '應該用空白的地方用了 tab'),
  TAG_RESOLVE_FAILED: plain('it has a tag that means nothing here', '有這裡不認得的 tag'),
  UNEXPECTED_TOKEN: misplaced,
};
/** For what the table above has no words. */
export const otherYamlTexts = { misplaced, tooManyAliases, aliasToNowhere } as const;

/** What is accepted and checked, and does nothing yet. */
export const notYetTexts = {
  breakGlass: plain('break-glass approval', 'break-glass 核准'),
  schedules: plain('schedules', '排程'),
  retention: plain('retention', '保留期限'),
  escalation: plain('escalation', '升級通知'),
} as const;

/** Around faults, in a terminal. */
export const faultTexts = {
  head: text<{ file: string; count: number }>(
    ({ file, count }) => `${file} and the environment: ${count === 1 ? 'one fault' : `${count} faults`}.`,
    ({ file, count }) => `${file} 與環境變數：${count} 個錯誤。`,
  ),
  none: text<{ file: string; environments: readonly string[]; asked: number | undefined }>(
    ({ file, environments, asked }) =>
      `${file} and the environment: no fault${asked === undefined ? '' : ` in ${asked} live checks`}. Environments: ${environments.join(', ')}.`,
    ({ file, environments, asked }) =>
      `${file} 與環境變數：沒有錯誤${asked === undefined ? '' : `（實際檢查了 ${asked} 項）`}。環境：${environments.join('、')}。`,
  ),
  fault: text<{ path: string; line?: number; problem: string; example: string }>(
    ({ path, line, problem, example }) =>
      `${path}${line === undefined ? '' : ` (line ${line})`} ${problem}.${example ? `\n  Right would be: ${example}` : ''}`,
    ({ path, line, problem, example }) =>
      `${path}${line === undefined ? '' : `（第 ${line} 行）`} ${problem}。${example ? `\n  正確的寫法：${example}` : ''}`,
  ),
  finding: text<{ path: string; what: string; hint: string }>(
    ({ path, what, hint }) => `${path}: ${what}\n  ${hint}`,
    ({ path, what, hint }) => `${path}：${what}\n  ${hint}`,
  ),
  remark: text<{ path: string; what: string }>(
    ({ path, what }) => `To know beforehand, ${path}: ${what}`,
    ({ path, what }) => `請先了解，${path}：${what}`,
  ),
  notInForce: text<{ what: string; path: string }>(
    ({ what, path }) => `Not in force in this release: ${what} (${path}).`,
    ({ what, path }) => `這個版本尚未生效：${what}（${path}）。`,
  ),
} as const;

/** Between Chinese and what is Latin there is a space. */
function spaced(words: string): string {
  return /^[\u3000-\u9fff]/.test(words) ? words : ` ${words}`;
}
