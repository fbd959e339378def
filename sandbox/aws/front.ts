import { randomUUID } from 'node:crypto';
import { createServer, IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeError } from './answers.ts';
import { authenticate, type Credentials, callerOf, unsigned } from './authenticate.ts';
import { AwsError } from './error.ts';
import { answerFaultOrders } from './fault-orders.ts';
import { createFaults, type Faults } from './faults.ts';
import type { AwsService, ServiceName } from './service.ts';
import { readClaim } from './sigv4.ts';

export interface AwsFront {
  /** For `AWS_ENDPOINT_URL`: every service answers here. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  close(): Promise<void>;
}

export interface AwsOptions {
  readonly services: readonly AwsService[];
  /** Twelve digits. */
  readonly account: string;
  /** Without it, a free one. */
  readonly port?: number;
  /** The keys that are known here; everybody else's request is refused. */
  readonly credentials: Credentials | readonly Credentials[];
  /** The clock that signatures are measured by. */
  readonly now?: () => Date;
}

/**
 * The front door of the sandbox's cloud: one HTTP server on 127.0.0.1 that checks each request's signature and hands it
 * to the service named in the signature's credential scope.
 */
export async function startAws(options: AwsOptions): Promise<AwsFront> {
  const faults = createFaults();
  const server = createServer((request, response) => {
    const outcome = request.url?.startsWith('/_sandbox/')
      ? answerFaultOrders(request, response, faults)
      : answer(request, response, options, faults);
    outcome.catch((error: unknown) => {
      console.error('the sandbox cloud could not answer', request.method, request.url, error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the sandbox cloud has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { services, account, credentials, now = () => new Date() }: AwsOptions,
  faults: Faults,
): Promise<void> {
  const requestId = randomUUID();
  const claim = readClaim(request);
  const name = claim === undefined ? guessService(request) : claim.service;
  const service = services.find((one) => one.name === name);
  if (!service) return writeError('sts', response, notHere(name), requestId);

  const { outage, slowSeconds } = faults.condition(service.name);
  if (outage) return void request.socket.destroy();
  response.setHeader(service.name === 's3' ? 'x-amz-request-id' : 'x-amzn-requestid', requestId);
  try {
    if (!claim) throw unsigned(service.name);
    const body = service.name === 's3' ? undefined : await buffer(request);
    const known = 'accessKeyId' in credentials ? [credentials] : credentials;
    const at = now().getTime();
    const signer = authenticate(request, claim, known, {
      service: service.name,
      body,
      now: at,
    });
    if (slowSeconds > 0) await sleep(slowSeconds * 1000);
    const { accessKeyId } = signer;
    const caller = callerOf(signer, account);
    const fault = faults.asker(service.name, caller);
    const context = { region: claim.region, accessKeyId, caller, account, requestId, fault };
    await service.handle(body === undefined ? request : replay(request, body), response, context);
  } catch (error) {
    if (request.socket.destroyed) return; // nobody is left to tell
    if (!(error instanceof AwsError)) console.error(`the sandbox's ${service.name} failed`, request.url, error);
    const known = error instanceof AwsError ? error : internalError(service.name);
    writeError(service.name, response, known, requestId);
  }
}

/** The same request with its body still to be read: verifying the signature has used the first one up. */
function replay(request: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(request.socket);
  copy.method = request.method ?? 'GET';
  copy.url = request.url ?? '/';
  copy.headers = request.headers;
  copy.rawHeaders = request.rawHeaders;
  copy.httpVersion = request.httpVersion;
  copy.complete = true; // so that whoever leaves the body unread doesn't tear the socket down
  if (body.length > 0) copy.push(body);
  copy.push(null);
  return copy;
}

/** Whose protocol an unsigned request is refused in. */
function guessService(request: IncomingMessage): ServiceName {
  if (request.headers['x-amz-target']) return 'secretsmanager';
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'sts' : 's3';
}

function notHere(name: string): AwsError {
  return new AwsError('InvalidAction', 400, `The sandbox has no service "${name}" behind this endpoint.`);
}

function internalError(service: ServiceName): AwsError {
  const code =
    service === 's3' ? 'InternalError' : service === 'secretsmanager' ? 'InternalServiceError' : 'InternalFailure';
  return new AwsError(code, 500, 'We encountered an internal error. Please try again.');
}
