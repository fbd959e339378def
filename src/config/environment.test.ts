import { describe, expect, it } from 'vitest';
import { readEnvironment, type Variables } from './environment.ts';
import { ConfigError } from './fault.ts';

const everything = { slack: true, redis: true } as const;
const socket = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  REDIS_URL: 'rediss://pitcrew:hunter2@redis.internal:6380/0',
};

function faultsOf(variables: Variables): readonly string[] {
  try {
    readEnvironment(variables, everything);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('readEnvironment', () => {
  it('fills in defaults: loopback, port 8081, ./pitcrew.yaml, level info', () => {
    expect(readEnvironment({}, { slack: false, redis: false })).toEqual({
      configPath: './pitcrew.yaml',
      logLevel: 'info',
      http: { host: '127.0.0.1', port: 8081 },
    });
  });

  it('takes Socket Mode where there is an app token, also beside a signing secret', () => {
    const { slack } = readEnvironment(
      { ...socket, SLACK_SIGNING_SECRET: 's', SLACK_API_URL: 'http://x/api' },
      everything,
    );
    expect(slack.connection.kind).toBe('socket');
    expect(slack.botToken.reveal()).toBe('xoxb-1');
    expect(slack.apiUrl).toBe('http://x/api/');
  });

  it('takes HTTP with a signing secret, and then needs a port', () => {
    const { SLACK_APP_TOKEN: _, ...rest } = socket;
    const http = { ...rest, SLACK_SIGNING_SECRET: 's', PORT: '3000' };
    expect(readEnvironment(http, everything).slack.connection).toMatchObject({
      kind: 'http',
      port: 3000,
      host: '127.0.0.1',
    });
    expect(faultsOf({ ...http, PORT: undefined })).toEqual(['PORT']);
  });

  it('names every fault at once', () => {
    expect(faultsOf({ LOG_LEVEL: 'loud', PITCREW_HTTP_PORT: '99999', REDIS_URL: 'localhost' })).toEqual([
      'LOG_LEVEL',
      'PITCREW_HTTP_PORT',
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'REDIS_URL',
    ]);
  });

  it('a variable that is set to nothing is a fault, not the default', () => {
    expect(faultsOf({ ...socket, PITCREW_CONFIG: '', SLACK_BOT_TOKEN: '' })).toEqual([
      'PITCREW_CONFIG',
      'SLACK_BOT_TOKEN',
    ]);
  });

  it('names what the clients of AWS, Kubernetes and PostgreSQL would stumble over later', () => {
    const clients = {
      AWS_ENDPOINT_URL_RDS: 'localhost:4566',
      AWS_SECRET_ACCESS_KEY: 'a',
      KUBECONFIG: '/nowhere/a:/dev/null',
      PGSSLMODE: 'prefer',
      PGSSLROOTCERT: '/nowhere/ca.pem',
    };
    expect(faultsOf({ ...socket, ...clients })).toEqual([
      'AWS_ENDPOINT_URL_RDS',
      'AWS_ACCESS_KEY_ID',
      'KUBECONFIG',
      'PGSSLMODE',
      'PGSSLROOTCERT',
    ]);
  });

  it('no secret is repeated in a fault, and none prints', () => {
    const wrong = { ...socket, SLACK_BOT_TOKEN: 'xapp-swapped', REDIS_URL: 'http://u:hunter2@host' };
    expect(() => readEnvironment(wrong, everything)).toThrow(/^(?!.*(swapped|hunter2))/s);
    expect(JSON.stringify(readEnvironment(socket, everything))).not.toMatch(/xoxb|xapp|hunter2/);
  });
});
