import { type ErrorCatalogue, errorText } from './text.ts';
import { word } from './values.ts';

/** What a dump in a pod raises, where no Job may run. */
export const execErrors: ErrorCatalogue = {
  'dump.runner-exec': errorText(
    [
      (p) =>
        `${word(p, 'environment')} has \`runner: exec\`, which makes dumps; to take one in, or to restore one, a Kubernetes Job is needed.`,
      () => 'Give `runner: job` and `dumps.image` where a Job may run; else restore the dump by the runbook.',
    ],
    [
      (p) =>
        `${word(p, 'environment')} 設定為 \`runner: exec\`，可以產生 dump；但納入或 restore dump 需要 Kubernetes Job。`,
      () => '可以執行 Job 時請設定 `runner: job` 與 `dumps.image`；否則請依 runbook restore。',
    ],
  ),
  'dump.no-tools': errorText(
    [
      (p) => `The config of ${word(p, 'environment')} doesn’t say in which pod pg_dump is.`,
      () => 'Give it `dumps.tools: { namespace: …, deployment: … }`.',
    ],
    [
      (p) => `${word(p, 'environment')} 的 config 沒有說明 pg_dump 在哪個 pod。`,
      () => '請加上 `dumps.tools: { namespace: …, deployment: … }`。',
    ],
  ),
  'dump.no-tools-pod': errorText(
    [
      (p) => `No pod of Deployment ${word(p, 'namespace')}/${word(p, 'deployment')} is ready, so pg_dump can’t run.`,
      () => 'See why its pod isn’t ready; it needs one replica.',
    ],
    [
      (p) => `Deployment ${word(p, 'namespace')}/${word(p, 'deployment')} 沒有 ready 的 pod，無法執行 pg_dump。`,
      () => '請檢查它的 pod 為何不是 ready；至少需要一個 replica。',
    ],
  ),
  'dump.exec-client': errorText(
    [
      (p) =>
        `Pod ${word(p, 'pod')} has no pg_dump of version ${word(p, 'major')} (found: ${word(p, 'found')}), and only that one fits the server.`,
      (p) => `Give the tools’ image postgresql-client-${word(p, 'major')}.`,
    ],
    [
      (p) =>
        `Pod ${word(p, 'pod')} 中沒有 ${word(p, 'major')} 版的 pg_dump（找到：${word(p, 'found')}），而只有這個版本與 server 相符。`,
      (p) => `請在 tools 的 image 中加入 postgresql-client-${word(p, 'major')}。`,
    ],
  ),
  'dump.exec-shell': errorText(
    [
      (p) => `Pod ${word(p, 'pod')} lacks what pg_dump is started and ended with: a shell, tr, grep and /proc.`,
      () => 'Give the tools an image that has them; those of Debian and Alpine do.',
    ],
    [
      (p) => `Pod ${word(p, 'pod')} 缺少啟動與結束 pg_dump 所需的工具：shell、tr、grep 與 /proc。`,
      () => '請讓 tools 使用具備這些工具的 image；Debian 與 Alpine 的 image 都有。',
    ],
  ),
};
