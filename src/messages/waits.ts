import type { Catalogue } from './text.ts';
import { text } from './text.ts';
import { word } from './values.ts';

/** What the engine itself waits for; what steps wait for stands with the service that they wait on. */
export const engineWaits: Catalogue = {
  'wait.planning': text(
    (p) => `Planning waits for something that doesn’t answer (\`${word(p, 'error')}\`).`,
    (p) => `規劃正在等待沒有回應的服務（\`${word(p, 'error')}\`）。`,
  ),
  'wait.findings': text(
    (p) =>
      `The verification found ${word(p, 'findings')} that failed. ${word(p, 'required')} approvers may decide to go on with it; until then the application ${p.serves ? 'serves as before' : 'stays stopped'}.`,
    (p) =>
      `驗證發現 ${word(p, 'findings')} 項失敗。需要 ${word(p, 'required')} 位核准者決定是否接受並繼續；在那之前 application ${p.serves ? '照常服務' : '維持停止'}。`,
  ),
  'wait.let-go': text(
    (p) =>
      `It was decided to give it up. It is closed as soon as what it holds can be let go (\`${word(p, 'error')}\`); tried again every 30 seconds.`,
    (p) => `已決定放棄。釋放它佔用的資源後就會結束（\`${word(p, 'error')}\`）；每 30 秒重試一次。`,
  ),
  'wait.retry': text(
    (p) => `Try ${word(p, 'attempt')} of ${word(p, 'of')} failed (\`${word(p, 'error')}\`); it is tried again shortly.`,
    (p) => `第 ${word(p, 'attempt')} 次嘗試失敗（共 ${word(p, 'of')} 次，\`${word(p, 'error')}\`）；稍後再試。`,
  ),
};
