import { accessSync, constants } from 'node:fs';
import { delimiter } from 'node:path';
import { Secret } from '../domain/secret.ts';
import { expected, oneOfThese, type Phrase } from '../messages/config-expected.ts';
import { ConfigError, type Fault, found, type Problem, problem } from './fault.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** How Slack reaches pitcrew. With an app token it is Socket Mode, which needs no address of its own. */
export type SlackConnection =
  | { readonly kind: 'socket'; readonly appToken: Secret }
  | { readonly kind: 'http'; readonly signingSecret: Secret; readonly port: number; readonly host: string };

export interface SlackAccess {
  readonly botToken: Secret;
  readonly connection: SlackConnection;
  /** Another Web API than Slack's own, with a trailing slash. */
  readonly apiUrl?: string;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * What the environment says to this process. AWS's and Kubernetes' variables are their clients' own (`AWS_*`,
 * `KUBECONFIG`): they read them where they run.
 */
export interface ProcessSettings {
  readonly configPath: string;
  readonly logLevel: LogLevel;
  /** Health and metrics. Port 0 is any free one. */
  readonly http: { readonly host: string; readonly port: number };
  readonly slack?: SlackAccess;
  /** May hold a password, hence a secret. */
  readonly redisUrl?: Secret;
}

/** What this process can't do without. */
export interface Needs {
  readonly slack: boolean;
  readonly redis: boolean;
}

export type Provided<Wanted extends Needs> = ProcessSettings &
  (Wanted['slack'] extends true ? { readonly slack: SlackAccess } : unknown) &
  (Wanted['redis'] extends true ? { readonly redisUrl: Secret } : unknown);

/**
 * The environment, read once. What isn't needed isn't asked for: a terminal needs neither Slack nor Redis.
 * @throws ConfigError with every fault at once; no value of a secret is repeated in it
 */
export function readEnvironment<const Wanted extends Needs>(
  variables: Variables,
  needs: Wanted,
  isReadable: (file: string) => boolean = canRead,
): Provided<Wanted> {
  const faults: Fault[] = [];
  const read = reader(variables, faults, isReadable);
  const settings: ProcessSettings = {
    configPath: read.text('PITCREW_CONFIG', 'pitcrew.yaml') ?? './pitcrew.yaml',
    logLevel: read.oneOf('LOG_LEVEL', logLevels) ?? 'info',
    http: {
      host: read.text('PITCREW_HTTP_HOST', '127.0.0.1') ?? '127.0.0.1',
      port: read.port('PITCREW_HTTP_PORT', '8081') ?? 8081,
    },
    ...(needs.slack ? { slack: slackAccess(read) } : {}),
    ...(needs.redis ? { redisUrl: read.redis() } : {}),
  };
  ofClients(read);
  if (faults.length > 0) throw new ConfigError(faults);
  return settings as Provided<Wanted>;
}

function canRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

type Reader = ReturnType<typeof reader>;

function slackAccess(read: Reader): SlackAccess {
  const botToken = read.secret('SLACK_BOT_TOKEN', /^xoxb-\S+$/, expected.botToken);
  const apiUrl = read.url('SLACK_API_URL', ['http:', 'https:'], expected.httpAddress, 'https://slack.com/api/');
  return { botToken, connection: connection(read), ...(apiUrl ? { apiUrl: apiUrl.replace(/\/*$/, '/') } : {}) };
}

function connection(read: Reader): SlackConnection {
  if (read.has('SLACK_SIGNING_SECRET') && !read.has('SLACK_APP_TOKEN')) {
    const signingSecret = read.secret('SLACK_SIGNING_SECRET', /^\S+$/, expected.signingSecret);
    const host = read.text('PITCREW_HTTP_HOST', '127.0.0.1') ?? '127.0.0.1';
    return { kind: 'http', signingSecret, port: read.port('PORT', '3000', true) ?? 0, host };
  }
  return { kind: 'socket', appToken: read.secret('SLACK_APP_TOKEN', /^xapp-\S+$/, expected.appToken) };
}

const awsEndpoints = ['', '_RDS', '_S3', '_SECRETS_MANAGER'].map((service) => `AWS_ENDPOINT_URL${service}`);
const sslModes = ['verify-full', 'verify-ca', 'require', 'disable'] as const;

/** What the clients of AWS, Kubernetes and PostgreSQL read for themselves, as far as it can be wrong by its form. */
function ofClients(read: Reader): void {
  for (const name of awsEndpoints)
    read.url(name, ['http:', 'https:'], expected.httpAddress, 'https://rds.eu-west-1.amazonaws.com');
  for (const name of ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION']) read.text(name, `${name}=…`);
  read.together('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY');
  read.files('KUBECONFIG', expected.file, '/etc/pitcrew/kubeconfig');
  read.oneOf('PGSSLMODE', sslModes);
  read.files('PGSSLROOTCERT', expected.certificates, '/etc/ssl/rds-global-bundle.pem');
}

function reader(variables: Variables, faults: Fault[], isReadable: (file: string) => boolean) {
  const fault = (path: string, what: Problem, example: string) => {
    faults.push({ path, problem: what, example });
    return undefined;
  };
  /** Set to nothing is a fault, not the default: an empty variable is a template that was not filled in. */
  const text = (name: string, example: string): string | undefined => {
    const value = variables[name];
    if (value === undefined || value.trim() !== '') return value;
    return fault(name, problem('set-to-nothing', {}), example);
  };
  /** An address may hold a password: it is not repeated. */
  const url = (name: string, protocols: readonly string[], wanted: Phrase, example: string): string | undefined => {
    const value = text(name, example);
    if (value === undefined || (URL.canParse(value) && protocols.includes(new URL(value).protocol))) return value;
    return fault(name, problem('wrong-form', { expected: wanted }), example);
  };
  const required = (name: string, wanted: Phrase, example: string) => {
    if (variables[name] === undefined) fault(name, problem('missing', { expected: wanted }), example);
  };
  const wrong = (name: string, value: string, wanted: Phrase, example: string) =>
    fault(name, problem('wrong-value', { found: found(value), expected: wanted }), example);
  return {
    text,
    url,
    has: (name: string) => variables[name] !== undefined,
    oneOf<const Value extends string>(name: string, values: readonly Value[]): Value | undefined {
      const value = text(name, values[0] ?? '');
      if (value === undefined) return undefined;
      const known = values.find((each) => each === value);
      return known ?? wrong(name, value, oneOfThese(values), values[0] ?? '');
    },
    port(name: string, example: string, needed = false): number | undefined {
      const value = text(name, example);
      if (value === undefined) {
        if (needed) required(name, expected.listenPort, example);
        return undefined;
      }
      if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
      return wrong(name, value, expected.port, example);
    },
    secret(name: string, form: RegExp, wanted: Phrase): Secret {
      const example = `${name}=…`;
      required(name, wanted, example);
      const value = text(name, example);
      if (value !== undefined && !form.test(value)) fault(name, problem('wrong-form', { expected: wanted }), example);
      return new Secret(value ?? '');
    },
    redis(): Secret {
      const example = 'redis://127.0.0.1:6379';
      required('REDIS_URL', expected.redis, example);
      return new Secret(url('REDIS_URL', ['redis:', 'rediss:'], expected.redisAddress, example) ?? '');
    },
    /** One variable means nothing without the other. */
    together(name: string, other: string): void {
      for (const each of [name, other]) text(each, `${each}=…`);
      for (const [absent, present] of [
        [name, other],
        [other, name],
      ] as const)
        if (variables[absent] === undefined && variables[present] !== undefined)
          fault(absent, problem('missing-beside', { other: present }), `${absent}=…`);
    },
    /** A file, or several as `KUBECONFIG` lists them. */
    files(name: string, wanted: Phrase, example: string): void {
      const value = text(name, example);
      for (const file of value?.split(delimiter) ?? [])
        if (file !== '' && !isReadable(file)) wrong(name, file, wanted, example);
    },
  };
}
