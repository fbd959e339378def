import { expected, oneOfThese, type Phrase } from './config-expected.ts';
import { plain } from './text.ts';

export interface VariableText {
  readonly takes: Phrase;
  /** Empty where there is none. */
  readonly byDefault: string;
  readonly does: Phrase;
}

const endpoint = (service: string, chinese: string): VariableText => ({
  takes: expected.httpAddress,
  byDefault: '',
  does: plain(`Another endpoint than AWS’s own for ${service}.`, `${chinese}使用 AWS 以外的 endpoint。`),
});
const ofAws = (does: Phrase): VariableText => ({ takes: expected.argument, byDefault: '', does });

/** What the environment says to the process. Secrets of pitcrew’s own are here and nowhere else. */
export const variableTexts: Readonly<Record<string, VariableText>> = {
  PITCREW_CONFIG: {
    takes: expected.file,
    byDefault: './pitcrew.yaml',
    does: plain('Where pitcrew.yaml lies; `--config` says it too.', 'pitcrew.yaml 的位置；也可以用 `--config`。'),
  },
  LOG_LEVEL: {
    takes: oneOfThese(['debug', 'info', 'warn', 'error', 'silent']),
    byDefault: 'info',
    does: plain('How much is logged.', 'log 的詳細程度。'),
  },
  PITCREW_HTTP_HOST: {
    takes: plain('an address of this machine', '這台機器的位址'),
    byDefault: '127.0.0.1',
    does: plain('Where health and metrics are served.', '提供 health 與 metrics 的位址。'),
  },
  PITCREW_HTTP_PORT: {
    takes: expected.port,
    byDefault: '8081',
    does: plain('Their port; 0 is any free one.', '其 port；0 表示任何可用的 port。'),
  },
  SLACK_BOT_TOKEN: {
    takes: expected.botToken,
    byDefault: '',
    does: plain('The app’s token. Needed by `start` and `bot`.', 'App 的 token。`start` 與 `bot` 需要。'),
  },
  SLACK_APP_TOKEN: {
    takes: expected.appToken,
    byDefault: '',
    does: plain(
      'For Socket Mode, which needs no address of its own. Needed by `start` and `bot`.',
      'Socket Mode 使用，不需要自己的位址。`start` 與 `bot` 需要。',
    ),
  },
  SLACK_SIGNING_SECRET: {
    takes: expected.signingSecret,
    byDefault: '',
    does: plain(
      'For HTTP instead of Socket Mode; then `PORT` is needed too.',
      '以 HTTP 取代 Socket Mode；此時也需要 `PORT`。',
    ),
  },
  PORT: {
    takes: expected.port,
    byDefault: '',
    does: plain('Where Slack’s requests are taken, with HTTP.', '使用 HTTP 時，接收 Slack 請求的 port。'),
  },
  SLACK_API_URL: {
    takes: expected.httpAddress,
    byDefault: 'https://slack.com/api/',
    does: plain('Another Web API than Slack’s own.', '使用 Slack 以外的 Web API。'),
  },
  REDIS_URL: {
    takes: expected.redisAddress,
    byDefault: '',
    does: plain(
      'The Redis of the queue. Its maxmemory-policy must be noeviction. Always needed.',
      'Queue 使用的 Redis。maxmemory-policy 必須是 noeviction。一定需要。',
    ),
  },
  AWS_PROFILE: ofAws(plain('As for any AWS client.', '與其他 AWS client 相同。')),
  AWS_REGION: ofAws(plain('Not needed: pitcrew.yaml names every region.', '不需要：pitcrew.yaml 已寫明所有 region。')),
  AWS_DEFAULT_REGION: ofAws(plain('Not needed either.', '也不需要。')),
  AWS_ACCESS_KEY_ID: ofAws(
    plain(
      'Keys of an IAM user, where no role of the pod or the machine is at hand.',
      '沒有 pod 或機器的 role 可用時，IAM user 的金鑰。',
    ),
  ),
  AWS_SECRET_ACCESS_KEY: ofAws(plain('The other half of it.', '金鑰的另一半。')),
  AWS_ENDPOINT_URL: endpoint('every service', '所有服務'),
  AWS_ENDPOINT_URL_RDS: endpoint('RDS', 'RDS '),
  AWS_ENDPOINT_URL_S3: endpoint('S3', 'S3 '),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint('Secrets Manager', 'Secrets Manager '),
  KUBECONFIG: {
    takes: expected.file,
    byDefault: '~/.kube/config',
    does: plain(
      'The clusters’ contexts. In a pod without one, its service account is used.',
      '各叢集的 context。在 pod 中沒有 kubeconfig 時使用其 service account。',
    ),
  },
  PGSSLMODE: {
    takes: oneOfThese(['verify-full', 'verify-ca', 'require', 'disable']),
    byDefault: 'verify-full',
    does: plain(
      'How TLS to PostgreSQL is verified, as libpq reads it.',
      '如何驗證與 PostgreSQL 的 TLS，與 libpq 相同。',
    ),
  },
  PGSSLROOTCERT: {
    takes: expected.certificates,
    byDefault: '',
    does: plain(
      'The certificate authorities of RDS; left out, the system’s.',
      'RDS 的 certificate authority；不寫時使用系統的。',
    ),
  },
};
