import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permanent } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { createLog, type Log } from './log.ts';
import { redact, redactText } from './redact.ts';

function written(write: (log: Log) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line));
}

const secrets = [
  'xoxb-123456789012-abcdefABCDEF',
  'xapp-1-A0PITCREW-12345-abcdef',
  'AKIAIOSFODNN7EXAMPLE',
  'postgres://pitcrew:hunter2@db.internal:5432/shop',
  'redis://:hunter2@redis.internal:6379',
  'postgres://pitcrew:p@ss/hunter2@db.internal/shop',
  'host=db user=pitcrew password=hunter2 dbname=shop',
  "PGPASSWORD='hunter2' psql",
  '{"username":"pitcrew","password":"hunter2"}',
  'aws_secret_access_key = hunter2/abcdefghijklmnop',
  'https://bucket.s3.amazonaws.com/key?X-Amz-Credential=hunter2&X-Amz-Signature=hunter2abc',
  'Authorization: Bearer hunter2hunter2hunter2',
  'https://hooks.slack.com/commands/T0/1/hunter2',
  '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----',
] as const;
const given = /hunter2|abcdefABCDEF|12345-abcdef|IOSFODNN7/;

describe('the log', () => {
  it('writes one JSON object a line: level, time, message and fields', () => {
    const [line] = written((log) => log.child({ operation: 'op-1' }).info({ step: 'switch', seconds: 3 }, 'step done'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      message: 'step done',
      operation: 'op-1',
      step: 'switch',
      seconds: 3,
    });
  });

  it('writes nothing below its level', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
    log.info('hardly matters');
    log.warn('matters');
    expect(lines).toHaveLength(1);
  });

  it.each(secrets)(
    '%s is written nowhere: not as a message, a field, an error, a cause, a field of the log',
    (secret) => {
      const error = new Error(`outer ${secret}`, {
        cause: permanent('aws.denied', { text: secret }, new Error(secret)),
      });
      const lines = written((log) => {
        log.info(secret);
        log.child({ text: secret }).info({ deep: [{ text: secret }], [secret.slice(0, 3)]: secret }, 'm');
        log.error({ error }, 'm');
      });
      expect(JSON.stringify(lines)).not.toMatch(given);
      expect(lines).toHaveLength(3);
    },
  );

  it.each([
    'password',
    'DB_PASSWORD',
    'clientSecret',
    'token',
    'SLACK_APP_TOKEN',
    'authorization',
    'secret_access_key',
  ])('whatever stands in a field named %s is not written', (name) => {
    const lines = written((log) => log.info({ [name]: 'plain words', inner: { [name]: { a: 'plain words' } } }, 'm'));
    expect(JSON.stringify(lines)).not.toContain('plain words');
    expect(JSON.stringify(lines)).toContain('***');
  });

  it('what merely speaks of a secret stays readable', () => {
    const fields = {
      secretId: 'production/ecommerce/config',
      tokens: 3,
      versionId: 'abc',
      hasPassword: true,
      token: null,
    };
    expect(redact(fields)).toEqual(fields);
    for (const text of [
      'https://eu-west-1.console.aws.amazon.com/rds#a',
      'at 2026-11-20T10:00:00+01:00 by a@b.example',
    ])
      expect(redactText(text)).toBe(text);
  });

  it('a Secret prints as ***, and an error comes with its whole chain of causes, codes and parameters', () => {
    const cause = permanent('rds.not-found', { instance: 'shop' }, new Error('socket hang up'));
    const [line] = written((log) => log.error({ value: new Secret('hunter2'), error: cause }, 'step failed'));
    expect(line).toMatchObject({
      value: '***',
      error: {
        code: 'rds.not-found',
        kind: 'permanent',
        params: { instance: 'shop' },
        cause: { message: 'socket hang up' },
      },
    });
  });

  it('what a driver adds to an error (rows, parameters, headers) is not written', () => {
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(a@b.example)',
      where: 'x',
    });
    expect(JSON.stringify(redact(error))).not.toContain('a@b.example');
    expect(redact(error)).toMatchObject({ code: '23505' });
  });

  it('a field can not pass itself off as the level, the time or the message', () => {
    const [line] = written((log) => log.info({ message: 'forged', level: 'error', time: 'never' }, 'true'));
    expect(line).toMatchObject({ message: 'true', level: 'info', message_: 'forged' });
  });

  it('anything at all can be logged, and comes out as one line of JSON', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withNullPrototype: true,
          withTypedArray: true,
        }),
        (value) => {
          expect(written((log) => log.info({ value }, 'm'))).toHaveLength(1);
        },
      ),
      { numRuns: 200 },
    );
    const loop: Record<string, unknown> = {
      get broken() {
        throw new Error('x');
      },
    };
    loop.itself = loop;
    expect(redact(loop)).toEqual({ broken: '[unreadable]', itself: '[circular]' });
  });

  it('redacting takes a time that grows with the length of a text, not faster', () => {
    const start = performance.now();
    for (const part of [
      'a:',
      '://a:',
      'password',
      'password=',
      '@://:@',
      'eyJaaaaaaaa.',
      'xox',
      '-----BEGIN PRIVATE KEY-----',
    ])
      redactText(part.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
