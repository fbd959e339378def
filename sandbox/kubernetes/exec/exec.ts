import type { ChildProcess } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FaultPlan } from '../faults.ts';
import type { Kubelet } from '../kubelet.ts';
import type { Pod } from '../objects.ts';
import { ApiError, badRequest } from '../status.ts';
import { startSession } from './session.ts';
import { hasTerminals, onTerminal, resizeTerminal } from './terminal.ts';
import { acceptWebSocket, chooseProtocol } from './websocket.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

export interface ExecDeps {
  readonly kubelet: Kubelet;
  readonly faults: FaultPlan;
}

/**
 * Answers `pods/<name>/exec` over WebSocket, as kubectl from 1.31 on and client libraries ask for it. Throws what a real
 * server answers instead of the upgrade; the older SPDY/3.1 is not spoken here.
 */
export function serveExec(
  { kubelet, faults }: ExecDeps,
  pod: Pod,
  { request, socket, head, query }: { request: IncomingMessage; socket: Duplex; head: Buffer; query: URLSearchParams },
): void {
  const protocol = /websocket/i.test(request.headers.upgrade ?? '') ? chooseProtocol(request, protocols) : undefined;
  if (!protocol) throw badRequest(`unable to upgrade: only WebSocket with ${protocols.join(' or ')} is spoken here`);
  const argv = query.getAll('command');
  if (argv.length === 0) throw badRequest('you must specify at least 1 command for the container');
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
    throw badRequest(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
  }
  const asks = (name: string) => /^(1|true)$/.test(query.get(name) ?? '');
  const terminal = asks('tty') && hasTerminals();
  const started = start(() =>
    kubelet.exec(pod, query.get('container') ?? undefined, {
      argv: terminal ? onTerminal(argv) : argv,
      program: argv[0] ?? '',
      stdin: asks('stdin'),
      ...(asks('tty') ? { env: { TERM: 'xterm' } } : {}),
    }),
  );
  acceptWebSocket(request, socket, head, protocol, (webSocket) => {
    const leave = faults.joinExec(() => webSocket.cut());
    if (started instanceof ApiError) {
      const status = Buffer.from(JSON.stringify(started.toStatus()));
      webSocket.send(Buffer.concat([Buffer.of(3), status]));
      webSocket.close(1000);
      return { message() {}, drained() {}, closed: leave };
    }
    return startSession(started, webSocket, {
      stdout: asks('stdout'),
      stderr: asks('stderr') && !asks('tty'),
      halfClose: protocol === protocols[0],
      resize: terminal ? resizer(started) : () => {},
      cutsAfter: faults.takeExecCut({ pod: pod.metadata.name, argv }),
      closed: leave,
    });
  });
}

/** What goes wrong only when the runtime starts the program is told on the error channel, after the upgrade. */
function start(act: () => ChildProcess): ChildProcess | ApiError {
  try {
    return act();
  } catch (error) {
    if (error instanceof ApiError && error.message.includes('OCI runtime')) return error;
    throw error;
  }
}

/** The terminal comes a moment after the process: the latest size is set as soon as it is there. */
function resizer(process: ChildProcess): (size: { width: number; height: number }) => void {
  let latest: { width: number; height: number } | undefined;
  const attempt = (triesLeft: number) => {
    if (!latest || process.exitCode !== null) return;
    if (resizeTerminal(process, latest)) latest = undefined;
    else if (triesLeft > 0) setTimeout(() => attempt(triesLeft - 1), 50).unref();
  };
  return (size) => {
    latest = size;
    attempt(40);
  };
}
