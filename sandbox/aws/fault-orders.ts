import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { FaultOrder, Faults } from './faults.ts';

const serviceName = z.enum(['rds', 's3', 'secretsmanager', 'sts']);
const fault = z.union([
  z.strictObject({ kind: z.enum(['throttle', 'deny', 'lose-answer', 'cut-answer']) }),
  z.strictObject({
    kind: z.literal('fail'),
    code: z.string().min(1),
    status: z.int().min(400).max(599),
    message: z.string().default('This failure was ordered.'),
  }),
  z.strictObject({ kind: z.literal('delay'), seconds: z.number().min(0) }),
]);
const posted = z.union([
  z.strictObject({ service: serviceName, action: z.string().min(1), times: z.int().min(1).optional(), fault }),
  z.strictObject({ service: serviceName, outage: z.boolean() }),
  z.strictObject({ service: serviceName, slowSeconds: z.number().min(0) }),
]);

/**
 * `/_sandbox/faults`: POST orders `{service, action, times?, fault}`, or sets `{service, outage}` or
 * `{service, slowSeconds}`; GET lists; DELETE (`?service=`) clears.
 */
export async function answerFaultOrders(
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  if (url.pathname !== '/_sandbox/faults') return reply(response, 404, { error: 'only /_sandbox/faults is here' });
  switch (request.method) {
    case 'GET':
      break;
    case 'DELETE': {
      const service = url.searchParams.get('service');
      faults.clear(service === null ? undefined : serviceName.parse(service));
      break;
    }
    case 'POST': {
      const body = posted.safeParse(parseJson(await text(request)));
      if (!body.success) return reply(response, 400, { error: z.prettifyError(body.error) });
      place(faults, body.data);
      break;
    }
    default:
      return reply(response, 405, { error: 'GET, POST or DELETE' });
  }
  const conditions = Object.fromEntries(serviceName.options.map((name) => [name, faults.condition(name)]));
  reply(response, 200, { orders: faults.pending(), conditions });
}

function place(faults: Faults, order: z.infer<typeof posted>): void {
  if ('outage' in order) faults.outage(order.service, order.outage);
  else if ('slowSeconds' in order) faults.slow(order.service, order.slowSeconds);
  else {
    const { times, ...rest } = order;
    const placed: FaultOrder = times === undefined ? rest : { ...rest, times };
    faults.order(placed);
  }
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
