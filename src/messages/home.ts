import type { Closing } from '../domain/events.ts';
import { plain, text } from './text.ts';
import { counted } from './units.ts';

/** The app's Home tab: how things stand for one person. */
export const homeTexts = {
  environments: plain('Environments', '環境'),
  running: plain('Under way', '進行中'),
  nothingRunning: plain('No operation is under way.', '目前沒有進行中的 operation。'),
  past: plain('Last operations', '最近的 operation'),
  nothingPast: plain('None yet.', '還沒有。'),
  start: plain('How to start', '如何開始'),
  startLines: text<{ channel: string; command: string }>(
    ({ channel, command }) =>
      `In ${channel}: ${command}. Nothing starts at once: a restore waits for people to approve.`,
    ({ channel, command }) => `在 ${channel} 輸入：${command}。不會立刻開始：restore 需要有人核准。`,
  ),
  help: plain(
    (slash) => `\`${slash} help\` lists every command.`,
    (slash) => `\`${slash} help\` 會列出所有指令。`,
  ),
  card: plain('its card', '卡片'),
  noEnvironments: plain(
    'You are in the incident channel of no environment, so there is none to show here.',
    '你不在任何環境的 incident channel 中，因此這裡沒有可顯示的環境。',
  ),
  hidden: text<{ count: number }>(
    ({ count }) => `${counted(count, 'environment')} not shown: you are not in its incident channel.`,
    ({ count }) => `有 ${count} 個環境未顯示：你不在其 incident channel 中。`,
  ),
  membershipUnreadable: plain(
    'Slack doesn’t say in which channels you are, so only environments that you may approve for are shown.',
    'Slack 無法提供你所在的 channels，因此只顯示你可以核准的環境。',
  ),
  operationsUnreadable: plain(
    'Operations can’t be read right now: the ledger doesn’t answer.',
    '目前無法讀取 operation：ledger 沒有回應。',
  ),
  asOf: text<{ at: string }>(
    ({ at }) => `As of ${at}. Open this tab again for a newer look.`,
    ({ at }) => `資料時間 ${at}。重新開啟此頁可更新。`,
  ),
  outcomes: {
    succeeded: plain('✅  succeeded', '✅  成功'),
    failed: plain('❌  failed', '❌  失敗'),
    denied: plain('🚫  denied', '🚫  已拒絕'),
    expired: plain('⌛  expired', '⌛  已逾期'),
    refused: plain('🚫  not started', '🚫  未開始'),
    cancelled: plain('↩️  cancelled', '↩️  已取消'),
    abandoned: plain('🚫  never recorded whole', '🚫  未完整記錄'),
  } satisfies Record<Closing, unknown>,
} as const;
