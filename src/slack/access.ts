import { LogLevel, WebClient } from '@slack/web-api';
import type { Secret } from '../domain/secret.ts';

/** How pitcrew reaches Slack, and Slack pitcrew. */
export interface SlackAccess {
  readonly botToken: Secret;
  readonly connection:
    | { readonly kind: 'socket'; readonly appToken: Secret }
    | {
        readonly kind: 'http';
        readonly signingSecret: Secret;
        readonly port: number;
        /** The address to listen on; every one when left out. */
        readonly host?: string;
      };
  /** Another Web API than Slack's own, with a trailing slash. */
  readonly apiUrl?: string;
}

/** What the log is told; the details of an error go there and not to Slack. */
export interface SlackLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * For answering people: short, and never in the queue behind a card. A trigger lives 3 s, so what takes longer is lost
 * anyway; a 429 is told at once (docs.slack.dev, "Rate limits").
 */
export function interactionClient(access: SlackAccess): WebClient {
  return client(access, 2_500);
}

/** For cards, looking people up and looking messages up. The caller retries: it knows what may not happen twice. */
export function notificationClient(access: SlackAccess): WebClient {
  return client(access, 10_000);
}

function client({ botToken, apiUrl }: SlackAccess, timeoutMs: number): WebClient {
  return new WebClient(botToken.reveal(), {
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // What fails is thrown, and logged once by whoever called.
    logLevel: LogLevel.ERROR,
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
  });
}
