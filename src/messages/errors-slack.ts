import { type ErrorCatalogue, errorText } from './text.ts';
import { didYouMean, didYouMeanChinese, word, words } from './values.ts';

/** What the Slack side refuses: who, where, and what was typed. */
export const slackErrors: ErrorCatalogue = {
  'person.bot': errorText(
    [() => 'A bot may not do this: it takes a person.', () => 'Let a member of the workspace ask.'],
    [() => 'Bot 不能執行這個動作：必須由人來做。', () => '請由 workspace 的成員提出。'],
  ),
  'person.guest': errorText(
    [() => 'Guests of the workspace may not do this.', () => 'Let a full member ask.'],
    [() => 'Workspace 的訪客不能執行這個動作。', () => '請由正式成員提出。'],
  ),
  'person.deactivated': errorText(
    [() => 'This account is deactivated.', () => 'Let a member of the workspace ask.'],
    [() => '這個帳號已停用。', () => '請由 workspace 的成員提出。'],
  ),
  'person.other-workspace': errorText(
    [
      () => 'You belong to another workspace, so you may not do this here.',
      () => 'Let a member of this workspace ask.',
    ],
    [() => '你屬於另一個 workspace，不能在這裡執行這個動作。', () => '請由這個 workspace 的成員提出。'],
  ),
  'person.unknown': errorText(
    [() => 'Slack doesn’t know this account.', () => 'Let a member of the workspace ask.'],
    [() => 'Slack 不認得這個帳號。', () => '請由 workspace 的成員提出。'],
  ),
  'person.unreadable': errorText(
    [() => 'Slack doesn’t say who you are right now, so nothing was done.', () => 'Try again in a minute.'],
    [() => 'Slack 目前無法確認你的身分，因此沒有執行任何動作。', () => '請一分鐘後再試。'],
  ),
  'slack.group-unreadable': errorText(
    [
      () => 'Slack doesn’t say who is in that group.',
      () => 'Name approvers as persons, or check the scope `usergroups:read`.',
    ],
    [() => 'Slack 無法提供該群組的成員。', () => '請直接列出核准者，或檢查 `usergroups:read` scope。'],
  ),
  'slack.channel-not-allowed': errorText(
    [
      () => 'Commands are not taken in this channel.',
      (p) => `Type it in ${words(p, 'allowed').join(', ') || 'an incident channel'}.`,
    ],
    [() => '這個 channel 不接受指令。', (p) => `請到 ${words(p, 'allowed').join('、') || 'incident channel'} 輸入。`],
  ),
  'slack.bad-button': errorText(
    [
      () => 'This button carries something that pitcrew did not put there, so nothing was done.',
      () => 'Use the newest card in the incident channel.',
    ],
    [() => '這個按鈕帶有不是 pitcrew 放的內容，因此沒有執行任何動作。', () => '請使用 incident channel 中最新的卡片。'],
  ),
  'slack.too-slow': errorText(
    [() => 'Slack closed the window for the dialog before it could be shown.', () => 'Type the command once more.'],
    [() => '對話框還沒來得及顯示，Slack 就已關閉。', () => '請再輸入一次指令。'],
  ),
  'slack.health-slow': errorText(
    [() => 'AWS does not answer in time.', (_, slash) => `Open the tab again in a minute, or type \`${slash} list\`.`],
    [() => 'AWS 沒有及時回應。', (_, slash) => `請一分鐘後重新開啟此頁，或輸入 \`${slash} list\`。`],
  ),
  'command.unknown': errorText(
    [
      (p) => `There is no command "${word(p, 'given')}".${didYouMean(p)}`,
      (_, slash) => `\`${slash} help\` lists what there is.`,
    ],
    [
      (p) => `沒有指令「${word(p, 'given')}」。${didYouMeanChinese(p)}`,
      (_, slash) => `\`${slash} help\` 會列出可用的指令。`,
    ],
  ),
  'command.which-operation': errorText(
    [
      (p) => `Several operations can be meant: ${words(p, 'known').join(', ')}.`,
      (p, slash) => `Say which: \`${slash} ${word(p, 'command')} op-…\``,
    ],
    [
      (p) => `有多個可能的 operation：${words(p, 'known').join('、')}。`,
      (p, slash) => `請指定其中一個：\`${slash} ${word(p, 'command')} op-…\``,
    ],
  ),
  'command.no-operation': errorText(
    [
      (p) =>
        word(p, 'command') === 'cancel'
          ? 'No operation is under way that could still be cancelled.'
          : 'No operation waits for a person.',
      (_, slash) => `\`${slash} status\` shows what is under way.`,
    ],
    [
      (p) =>
        word(p, 'command') === 'cancel' ? '目前沒有可以取消的 operation。' : '目前沒有等待人員處理的 operation。',
      (_, slash) => `\`${slash} status\` 會列出進行中的 operation。`,
    ],
  ),
  'command.not-yet': errorText(
    [
      (p, slash) => `\`${slash} ${word(p, 'command')}\` is not yet in this version.`,
      (_, slash) => `\`${slash} help\` lists what there is.`,
    ],
    [
      (p, slash) => `這個版本還沒有 \`${slash} ${word(p, 'command')}\`。`,
      (_, slash) => `\`${slash} help\` 會列出可用的指令。`,
    ],
  ),
  'command.unknown-option': errorText(
    [
      (p, slash) => `\`${slash} ${word(p, 'command')}\` has no option "${word(p, 'given')}".${didYouMean(p)}`,
      (p) => (words(p, 'possible').length > 0 ? `It has ${words(p, 'possible').join(', ')}.` : 'It has no options.'),
    ],
    [
      (p, slash) => `\`${slash} ${word(p, 'command')}\` 沒有選項「${word(p, 'given')}」。${didYouMeanChinese(p)}`,
      (p) =>
        words(p, 'possible').length > 0 ? `可用的選項：${words(p, 'possible').join('、')}。` : '它沒有任何選項。',
    ],
  ),
  'command.option-without-value': errorText(
    [(p) => `"${word(p, 'option')}" needs a value.`, (p, slash) => `For example: \`${slash} ${word(p, 'example')}\``],
    [(p) => `「${word(p, 'option')}」需要一個值。`, (p, slash) => `例如：\`${slash} ${word(p, 'example')}\``],
  ),
  'command.option-takes-nothing': errorText(
    [
      (p) => `"${word(p, 'option')}" takes no value: it is said, or left out.`,
      (p, slash) => `For example: \`${slash} ${word(p, 'example')}\``,
    ],
    [
      (p) => `「${word(p, 'option')}」不需要值：只需寫出或省略。`,
      (p, slash) => `例如：\`${slash} ${word(p, 'example')}\``,
    ],
  ),
  'command.option-twice': errorText(
    [(p) => `"${word(p, 'option')}" was given twice.`, () => 'Give it once, so that it can mean only one thing.'],
    [(p) => `「${word(p, 'option')}」給了兩次。`, () => '請只給一次，避免語意不明。'],
  ),
  'command.too-many-words': errorText(
    [
      (p) => `"${word(p, 'given')}" is one word too many.`,
      (p, slash) => `Put a text of several words into quotes. For example: \`${slash} ${word(p, 'example')}\``,
    ],
    [
      (p) => `多了「${word(p, 'given')}」。`,
      (p, slash) => `多個字的內容請用引號括起來。例如：\`${slash} ${word(p, 'example')}\``,
    ],
  ),
  'command.open-quote': errorText(
    [
      () => 'A quotation mark is open and never closed.',
      (p, slash) => `For example: \`${slash} ${word(p, 'example')}\``,
    ],
    [() => '有一個引號沒有結束。', (p, slash) => `例如：\`${slash} ${word(p, 'example')}\``],
  ),
  'command.too-long': errorText(
    [() => 'The command is too long.', () => 'Keep it below 2,000 characters.'],
    [() => '指令太長了。', () => '請保持在 2,000 個字元以內。'],
  ),
  'command.reason-too-long': errorText(
    [
      (p) => `The reason has ${word(p, 'length')} characters; ${word(p, 'most')} are taken.`,
      () => 'Say it shorter, so that the approvers read all of it.',
    ],
    [(p) => `原因有 ${word(p, 'length')} 個字元；最多 ${word(p, 'most')} 個。`, () => '請縮短，讓核准者能完整閱讀。'],
  ),
  'command.invisible': errorText(
    [
      () => 'There are invisible characters in what you typed, so it could mean something else than it shows.',
      () => 'Type it by hand instead of pasting it.',
    ],
    [() => '你輸入的內容含有看不見的字元，意思可能與顯示的不同。', () => '請手動輸入，不要貼上。'],
  ),
  'command.environment-missing': errorText(
    [
      () => 'Which environment?',
      (p, slash) => `There is: ${words(p, 'known').join(', ')}. For example: \`${slash} ${word(p, 'example')}\``,
    ],
    [
      () => '要對哪一個環境？',
      (p, slash) => `現有：${words(p, 'known').join('、')}。例如：\`${slash} ${word(p, 'example')}\``,
    ],
  ),
};
