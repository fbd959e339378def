import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { AwsError } from '../error.ts';
import type { AwsService } from '../service.ts';
import { toXml, xmlDocument } from '../xml.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS as far as `GetCallerIdentity`, by POST or by a presigned GET. */
export function createSts(): AwsService {
  return {
    name: 'sts',
    async handle(request, response, context) {
      const action = await actionOf(request);
      if (action !== 'GetCallerIdentity') {
        throw new AwsError('InvalidAction', 400, `Could not find operation ${action} for version 2011-06-15`);
      }
      const fault = await context.fault(action);
      const identity = { Arn: context.caller, UserId: userId(context.accessKeyId), Account: context.account };
      const content =
        toXml('GetCallerIdentityResult', identity) + toXml('ResponseMetadata', { RequestId: context.requestId });
      if (fault?.kind === 'lose-answer') return void response.destroy();
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(xmlDocument('GetCallerIdentityResponse', content, namespace));
    },
  };
}

async function actionOf(request: IncomingMessage): Promise<string> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : url.searchParams;
  return form.get('Action') ?? '';
}

/** A user's unique id stays the same for a key: `AIDA` and 17 letters or digits. */
function userId(accessKeyId: string): string {
  const digest = createHash('sha256').update(accessKeyId).digest('hex').toUpperCase();
  return `AIDA${digest.slice(0, 17)}`;
}
