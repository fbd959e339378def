import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { AwsError } from '../error.ts';
import { type AwsContext, type AwsService, losesAnswer } from '../service.ts';
import {
  deleteSecret,
  describeSecret,
  listSecrets,
  listSecretVersionIds,
  restoreSecret,
  tagResource,
  untagResource,
} from './descriptions.ts';
import { updateSecretVersionStage } from './stages.ts';
import { createSecret, getSecretValue, putSecretValue, updateSecret } from './values.ts';
import { addVersion, findSecret, holder, newSecret, type Vault } from './vault.ts';

export interface Secrets extends AwsService {
  /** Makes a secret without a request. Returns its ARN. */
  create(name: string, value: string): string;
  /** A new current version, as a person at the console would make it. Returns its version id. */
  put(name: string, value: string): string;
  /** The string of a version; undefined if no version has that stage. */
  value(name: string, stage?: string): string | undefined;
}

const operations = new Map<string, (vault: Vault, body: unknown) => unknown>([
  ['CreateSecret', createSecret],
  ['DeleteSecret', deleteSecret],
  ['DescribeSecret', describeSecret],
  ['GetSecretValue', getSecretValue],
  ['ListSecrets', listSecrets],
  ['ListSecretVersionIds', listSecretVersionIds],
  ['PutSecretValue', putSecretValue],
  ['RestoreSecret', restoreSecret],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateSecret', updateSecret],
  ['UpdateSecretVersionStage', updateSecretVersionStage],
]);

/** Secrets Manager of one account and region, in memory. */
export function createSecrets({
  account,
  region,
  now = () => new Date(),
}: {
  readonly account: string;
  readonly region: string;
  readonly now?: () => Date;
}): Secrets {
  const vault: Vault = { account, region, now: () => now().getTime(), secrets: new Map() };
  const add = (name: string, value: string) => {
    const version = { token: randomUUID(), content: { string: value }, stages: ['AWSCURRENT'] };
    return addVersion(vault, findSecret(vault, name), version).id;
  };
  return {
    name: 'secretsmanager',
    handle: (request, response, context) => handle(request, response, context, vault),
    create(name, value) {
      const { arn } = newSecret(vault, name);
      add(name, value);
      return arn;
    },
    put: add,
    value(name, stage = 'AWSCURRENT') {
      const content = holder(findSecret(vault, name), stage)?.content;
      return content && ('string' in content ? content.string : undefined);
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  context: AwsContext,
  vault: Vault,
): Promise<void> {
  const action = String(request.headers['x-amz-target'] ?? '').replace(/^secretsmanager\./, '');
  const operation = operations.get(action);
  if (!operation) throw new AwsError('UnknownOperationException', 400, `The sandbox does not play "${action}".`);
  const body = parse(await text(request));
  const fault = await context.fault(action, { resource: resourceOf(vault, body) });
  // Another region is another Secrets Manager, and the sandbox keeps nothing there.
  const here = context.region === vault.region ? vault : { ...vault, secrets: new Map() };
  const result = perform(() => operation(here, body));
  if (fault && losesAnswer(fault)) return void response.destroy();
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(result));
}

function perform(operation: () => unknown): unknown {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [first] = error.issues;
    throw new AwsError('ValidationException', 400, `${first?.path.join('.') ?? ''}: ${first?.message ?? 'invalid'}`);
  }
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new AwsError('SerializationException', 400, 'The request is not valid JSON.');
  }
}

/** What IAM's refusal names: the secret's ARN, or its name where there is no such secret. */
function resourceOf(vault: Vault, body: unknown): string {
  const id = z.object({ SecretId: z.string() }).safeParse(body).data?.SecretId;
  if (id === undefined) return '*';
  const known = [...vault.secrets.values()].find(
    ({ name, arn }) => name === id || arn === id || arn.slice(0, -7) === id,
  );
  return known?.arn ?? id;
}
