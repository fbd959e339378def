import { Secret } from '../domain/secret.ts';
import { ConfigError, type Fault, found } from './fault.ts';

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
export function readEnvironment<const Wanted extends Needs>(variables: Variables, needs: Wanted): Provided<Wanted> {
  const faults: Fault[] = [];
  const read = reader(variables, faults);
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
  if (faults.length > 0) throw new ConfigError(faults);
  return settings as Provided<Wanted>;
}

type Reader = ReturnType<typeof reader>;

function slackAccess(read: Reader): SlackAccess {
  const botToken = read.secret('SLACK_BOT_TOKEN', /^xoxb-\S+$/, 'a bot token, which begins with xoxb-');
  const apiUrl = read.url('SLACK_API_URL', ['http:', 'https:'], 'https://slack.com/api/');
  return { botToken, connection: connection(read), ...(apiUrl ? { apiUrl: apiUrl.replace(/\/*$/, '/') } : {}) };
}

function connection(read: Reader): SlackConnection {
  if (read.has('SLACK_SIGNING_SECRET') && !read.has('SLACK_APP_TOKEN')) {
    const signingSecret = read.secret('SLACK_SIGNING_SECRET', /^\S+$/, 'the signing secret of the app');
    const host = read.text('PITCREW_HTTP_HOST', '127.0.0.1') ?? '127.0.0.1';
    return { kind: 'http', signingSecret, port: read.port('PORT', '3000', true) ?? 0, host };
  }
  const expected = 'an app-level token, which begins with xapp- (or set SLACK_SIGNING_SECRET and PORT for HTTP)';
  return { kind: 'socket', appToken: read.secret('SLACK_APP_TOKEN', /^xapp-\S+$/, expected) };
}

function reader(variables: Variables, faults: Fault[]) {
  const fault = (path: string, problem: string, example: string) => {
    faults.push({ path, problem, example });
    return undefined;
  };
  /** Set to nothing is a fault, not the default: an empty variable is a template that was not filled in. */
  const text = (name: string, example: string): string | undefined => {
    const value = variables[name];
    if (value === undefined || value.trim() !== '') return value;
    return fault(name, 'is set to nothing; give it a value or unset it', example);
  };
  const url = (name: string, protocols: readonly string[], example: string): string | undefined => {
    const value = text(name, example);
    if (value === undefined || (URL.canParse(value) && protocols.includes(new URL(value).protocol))) return value;
    return fault(name, `is no address that begins with ${protocols.map((each) => `${each}//`).join(' or ')}`, example);
  };
  const required = (name: string, expected: string, example: string) => {
    if (variables[name] === undefined) fault(name, `is missing; it must be ${expected}`, example);
  };
  return {
    text,
    url,
    has: (name: string) => variables[name] !== undefined,
    oneOf<const Value extends string>(name: string, values: readonly Value[]): Value | undefined {
      const value = text(name, values[0] ?? '');
      if (value === undefined) return undefined;
      const known = values.find((each) => each === value);
      return known ?? fault(name, `is ${found(value)}; it must be one of ${values.join(', ')}`, values[0] ?? '');
    },
    port(name: string, example: string, needed = false): number | undefined {
      const value = text(name, example);
      if (value === undefined) {
        if (needed) required(name, 'the port to listen on', example);
        return undefined;
      }
      if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
      return fault(name, `is ${found(value)}; it must be a port from 0 to 65535`, example);
    },
    secret(name: string, form: RegExp, expected: string): Secret {
      const example = `${name}=…`;
      required(name, expected, example);
      const value = text(name, example);
      if (value !== undefined && !form.test(value)) fault(name, `is not ${expected}`, example);
      return new Secret(value ?? '');
    },
    redis(): Secret {
      const example = 'redis://127.0.0.1:6379';
      required('REDIS_URL', 'the address of a Redis', example);
      return new Secret(url('REDIS_URL', ['redis:', 'rediss:'], example) ?? '');
    },
  };
}
