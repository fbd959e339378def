/** Which part of `src` may import which: the words after a part's name are all that it may import, itself aside. */
export type Allowed =
  /** Any import. */
  | string
  /** `import type` only: the thing itself is injected. */
  | { readonly typeOf: string };

const types = (part: string): Allowed => ({ typeOf: part });

/** The import table, widened where docs/decisions/0005 says. A part is a folder of `src`, a folder below one, or a file; the longest name that fits is meant. */
export const table: Readonly<Record<string, readonly Allowed[] | 'anything'>> = {
  domain: [],
  messages: ['domain'],
  clients: ['domain'],
  ledger: ['domain'],
  observability: ['domain'],
  config: ['domain', 'messages'],
  retention: ['domain'],
  verification: ['domain', types('clients'), 'messages'],
  planning: ['domain', types('clients'), 'messages'],
  steps: ['domain', 'verification', 'messages', types('clients')],
  operations: ['domain', 'planning', 'steps', 'verification', 'retention', 'messages', types('clients')],
  /** What runs inside a Kubernetes Job, with its clients injected. */
  jobs: ['domain', 'planning', 'verification', 'clients'],
  /** Asks the same questions as a plan, one by one, of whatever the config names. */
  inspection: ['domain', 'planning', 'steps', 'verification', types('clients')],
  /** Looks for the last good moment: reads what plans and checks read, and changes nothing. */
  finder: ['domain', 'planning', 'verification', types('clients')],
  engine: ['domain', 'ledger'],
  requests: ['domain', 'ledger', 'operations/registry.ts'],
  queue: ['domain', types('engine'), types('requests')],
  notify: ['domain', 'ledger'],
  'slack/views': ['domain', 'messages'],
  slack: ['domain', 'messages', 'slack/views', 'requests', 'notify'],
  /** The evidence of one operation as a document and a picture, with what the cards measure. */
  report: ['domain', 'messages', 'slack/views'],
  /** The cards as plain text: see docs/decisions/0009. */
  cli: ['domain', 'messages', 'requests', 'ledger', 'slack/views', types('engine')],
  /** And `compose-bot.ts`, `compose-operations.ts`: the wiring is more than one file holds. */
  'compose.ts': 'anything',
  'main.ts': 'anything',
};

/** Packages that only one place knows, so that it alone must change with them. */
export const confined: readonly { readonly packages: RegExp; readonly places: readonly string[] }[] = [
  { packages: /^@(aws-sdk|smithy)\//, places: ['clients', 'ledger/s3-store.ts'] },
  { packages: /^@kubernetes\//, places: ['clients'] },
  { packages: /^pg(-|$)/, places: ['clients'] },
  { packages: /^(bullmq|ioredis)$/, places: ['queue'] },
  { packages: /^@slack\//, places: ['slack'] },
  { packages: /^@napi-rs\//, places: ['report'] },
  { packages: /^pino(-|$)/, places: ['observability'] },
  { packages: /^prom-client$/, places: ['observability'] },
  { packages: /^(yaml|cron-parser)$/, places: ['config'] },
];

/** All that the sandbox may know of pitcrew: it starts it as anybody would. */
export const publicEntry: readonly string[] = ['src/main.ts', 'src/compose.ts'];

/** Where the environment may be read, and where the process may be ended. */
export const readsEnvironment: readonly string[] = ['config', 'main.ts', 'compose.ts'];
export const endsProcess: readonly string[] = ['main.ts'];

export const longestFile = 350;
