import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { type RequestOptions, request as tlsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { ApiException, type KubeConfig, type V1Status } from '@kubernetes/client-node';
import { permanent, retryable } from '../domain/errors.ts';
import { type Attempt, deniedOr } from './kubernetes-calls.ts';
import { frameReader, maskedFrame, opcodes } from './websocket-frames.ts';

/** Version 5 alone: without it the end of standard input can't be said, and the exit code is lost with it. */
const protocol = 'v5.channel.k8s.io';
/** The channels of `channel.k8s.io`; the last exists since version 5. */
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  /** Absent: the pod's only one, or its default. */
  readonly container?: string;
  readonly argv: readonly string[];
  /** Given whole, then ended. */
  readonly stdin?: string;
}

/**
 * A program in a container. A connection that breaks is a failure whatever had come by then, and does not end the program:
 * whoever started it has to see to that.
 */
export interface Exec {
  /** No faster than it is read: what nobody reads stays in the pod. Both have to be read. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** By the status channel. @throws PitcrewError `kubernetes.exec-broken`, `kubernetes.exec-failed` */
  readonly exitCode: Promise<number>;
  /** Ends the connection. */
  close(): void;
}

/** A connection over which nothing is heard is probed, and given up. Milliseconds. */
const probeEveryMs = 20_000;
const silentMs = 60_000;
/** What is held for a reader that is slow, of each output. */
const heldBytes = 256 * 1024;

/** @throws PitcrewError `kubernetes.*` when the program was not started */
export async function execIn(config: KubeConfig, asked: ExecRequest, attempt: Attempt): Promise<Exec> {
  const socket = await upgraded(config, asked, attempt);
  return session(socket, asked, attempt);
}

async function upgraded(config: KubeConfig, asked: ExecRequest, attempt: Attempt): Promise<Duplex> {
  const { namespace, pod, container, argv, stdin } = asked;
  const server = new URL(config.getCurrentCluster()?.server ?? '');
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true', stdin: String(stdin !== undefined) });
  if (container !== undefined) query.set('container', container);
  for (const word of argv) query.append('command', word);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const key = randomBytes(16).toString('base64');
  const base = server.pathname.replace(/\/$/, '');
  const names = [namespace, pod].map(encodeURIComponent);
  const sent = (server.protocol === 'http:' ? plainRequest : tlsRequest)({
    ...options,
    method: 'GET',
    host: server.hostname,
    port: server.port || (server.protocol === 'http:' ? 80 : 443),
    path: `${base}/api/v1/namespaces/${names[0]}/pods/${names[1]}/exec?${query}`,
    headers: {
      ...options.headers,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': key,
      'Sec-WebSocket-Protocol': protocol,
    },
  });
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const late = setTimeout(() => sent.destroy(new Error('no answer in time')), attempt.timeoutSeconds * 1000);
  sent.once('close', () => clearTimeout(late));
  return new Promise((resolve, reject) => {
    sent.once('error', (error) => reject(deniedOr(error, attempt)));
    sent.once('response', (response) => void refusal(response, attempt).then(reject));
    sent.once('upgrade', (response: IncomingMessage, socket: Duplex, head: Buffer) => {
      clearTimeout(late);
      const { 'sec-websocket-accept': accepted, 'sec-websocket-protocol': spoken } = response.headers;
      if (accepted === accept && spoken === protocol) {
        socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(permanent('kubernetes.exec-protocol', { ...named(attempt), protocol }));
    });
    sent.end();
  });
}

/** What the API answers instead of the upgrade, as it answers everything else. */
async function refusal(response: IncomingMessage, attempt: Attempt): Promise<Error> {
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body = (body + String(chunk)).slice(0, 10_000);
  const error = new ApiException(response.statusCode ?? 500, response.statusMessage ?? '', body, {});
  // The caller tries again with what the kubeconfig says by then.
  if (response.statusCode === 401) return error;
  // 400: the container isn't there, or the pod has ended; another look may find another pod.
  if (response.statusCode === 400) return retryable('kubernetes.exec-refused', named(attempt), error);
  return deniedOr(error, attempt);
}

const named = ({ cluster, namespace, name }: Attempt) => ({ cluster, namespace, pod: name });

function session(socket: Duplex, { stdin }: ExecRequest, attempt: Attempt): Exec {
  let heardAt = performance.now();
  const full = new Set<Readable>();
  const output = (): Readable => {
    const stream = new Readable({
      highWaterMark: heldBytes,
      read: () => {
        full.delete(stream);
        if (full.size > 0 || !socket.isPaused()) return;
        heardAt = performance.now();
        socket.resume();
      },
    });
    // Whoever waits for the exit code is told; a stream that nobody reads any more must not end the process.
    stream.on('error', () => {});
    return stream;
  };
  const [stdout, stderr] = [output(), output()];
  const give = (stream: Readable, bytes: Buffer) => {
    if (stream.destroyed || bytes.length === 0 || stream.push(bytes)) return;
    full.add(stream);
    socket.pause();
  };
  const { promise: exitCode, resolve, reject } = Promise.withResolvers<number>();
  exitCode.catch(() => {});
  let over = false;
  const send = (opcode: number, payload: Uint8Array) =>
    !over && socket.writable && socket.write(maskedFrame(opcode, payload));
  const end = (how: () => void, error?: Error) => {
    if (over) return;
    over = true;
    clearInterval(probing);
    how();
    for (const stream of [stdout, stderr])
      if (error) stream.destroy(error);
      else stream.push(null);
    socket.destroy();
  };
  const broken = () => {
    const error = retryable('kubernetes.exec-broken', named(attempt));
    end(() => reject(error), error);
  };
  const status = (payload: Buffer) => {
    const code = exitCodeOf(payload);
    if (code !== undefined) return end(() => resolve(code));
    const error = permanent('kubernetes.exec-failed', { ...named(attempt), reason: reasonOf(payload) });
    end(() => reject(error), error);
  };
  const message = (whole: Buffer) => {
    const [channel, payload] = [whole[0], whole.subarray(1)];
    if (channel === channels.stdout) give(stdout, payload);
    else if (channel === channels.stderr) give(stderr, payload);
    else if (channel === channels.status && payload.length > 0) status(payload);
  };
  const assembled = assembler(message);
  const read = frameReader();
  socket.on('data', (chunk: Buffer) => {
    heardAt = performance.now();
    try {
      for (const frame of read(chunk)) {
        if (frame.opcode === opcodes.ping) send(opcodes.pong, frame.payload);
        // Goodbye without a status is no exit: the code after it (1000, 1006, …) says nothing of the program.
        else if (frame.opcode === opcodes.close) broken();
        else if (frame.opcode < opcodes.close) assembled(frame.payload, frame.final);
      }
    } catch {
      broken();
    }
  });
  for (const event of ['end', 'error', 'close']) socket.on(event, broken);
  const probing = setInterval(() => {
    if (socket.isPaused()) return;
    if (performance.now() - heardAt > silentMs) broken();
    else send(opcodes.ping, Buffer.alloc(0));
  }, probeEveryMs).unref();
  if (stdin !== undefined) {
    send(opcodes.binary, Buffer.concat([Buffer.of(channels.stdin), Buffer.from(stdin)]));
    send(opcodes.binary, Buffer.of(channels.close, channels.stdin));
  }
  return { stdout, stderr, exitCode, close: broken };
}

/** Puts fragmented messages together. */
function assembler(whole: (message: Buffer) => void): (payload: Buffer, final: boolean) => void {
  let parts: Buffer[] = [];
  return (payload, final) => {
    if (final && parts.length === 0) return whole(payload);
    parts.push(payload);
    if (!final) return;
    const message = Buffer.concat(parts);
    parts = [];
    whole(message);
  };
}

/** `Success`, or the exit code as a cause (Kubernetes, `remotecommand`, `NonZeroExitCodeReason`); undefined: it never ran. */
function exitCodeOf(payload: Buffer): number | undefined {
  const said = parsed(payload);
  if (said?.status === 'Success') return 0;
  const code = said?.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  return code !== undefined && /^\d+$/.test(code) ? Number(code) : undefined;
}

const reasonOf = (payload: Buffer) => (parsed(payload)?.message ?? '').slice(0, 200);

function parsed(payload: Buffer): V1Status | undefined {
  try {
    return JSON.parse(payload.toString('utf8')) as V1Status;
  } catch {
    return undefined;
  }
}
