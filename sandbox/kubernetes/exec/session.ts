import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { WebSocket, WebSocketEvents } from './websocket.ts';

/** The channels of `channel.k8s.io`, versions 4 and 5; the last one exists since 5. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export interface SessionOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Whether the client can end stdin while it goes on listening: version 5 only. */
  readonly halfClose: boolean;
  readonly resize: (size: { readonly width: number; readonly height: number }) => void;
  /** Asked with every chunk sent or received; true cuts the connection there and then. */
  readonly cutsAfter: (bytes: number) => boolean;
  readonly closed: () => void;
}

/**
 * Joins a process and a WebSocket. When the client goes away, its end of the pipes goes too and the process runs on:
 * it ends by itself, when it next reads or writes, or never, as on a real cluster.
 */
export function startSession(process: ChildProcess, socket: WebSocket, options: SessionOptions): WebSocketEvents {
  const outputs = [
    ...(options.stdout ? [{ stream: process.stdout, channel: channels.stdout }] : []),
    ...(options.stderr ? [{ stream: process.stderr, channel: channels.stderr }] : []),
  ];
  let over = false;
  const send = (channel: number, bytes: Buffer) => socket.send(Buffer.concat([Buffer.of(channel), bytes]));
  send(outputs[0]?.channel ?? channels.error, Buffer.alloc(0)); // tells the client that it is connected
  for (const { stream, channel } of outputs) {
    stream?.on('data', (chunk: Buffer) => {
      if (over) return;
      if (options.cutsAfter(chunk.length)) return socket.cut();
      if (send(channel, chunk)) return;
      for (const each of outputs) each.stream?.pause();
    });
  }
  if (!options.stdout) process.stdout?.resume();
  if (!options.stderr) process.stderr?.resume();
  process.stdin?.on('error', () => {}); // the process no longer reads: its exit status says why
  process.stdin?.on('drain', () => socket.resume());

  void ended(process).then((code) => {
    if (over) return;
    send(channels.error, Buffer.from(JSON.stringify(exitStatus(code))));
    socket.close(1000);
  });

  return {
    message(message) {
      const channel = message[0];
      const payload = message.subarray(1);
      if (channel === channels.stdin && payload.length > 0) {
        if (options.cutsAfter(payload.length)) return socket.cut();
        if (process.stdin?.writable && !process.stdin.write(payload)) socket.pause();
      } else if (channel === channels.resize) options.resize(sizeOf(payload));
      else if (channel === channels.close && options.halfClose && payload[0] === channels.stdin) process.stdin?.end();
    },
    drained() {
      for (const { stream } of outputs) stream?.resume();
    },
    closed() {
      over = true;
      process.stdin?.end();
      process.stdout?.destroy();
      process.stderr?.destroy();
      options.closed();
    },
  };
}

/** The exit code, once all output was read; what a grandchild that holds the pipes still writes is waited for a moment only. */
async function ended(process: ChildProcess): Promise<number> {
  const drained = Promise.all([streamEnd(process.stdout), streamEnd(process.stderr)]);
  const code = await new Promise<number>((resolve) => {
    process.once('error', () => resolve(127));
    process.once('exit', (exitCode, signal) => resolve(exitCode ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
  });
  const patience = new Promise((resolve) => setTimeout(resolve, 2000).unref());
  await Promise.race([drained, patience]);
  return code;
}

const streamEnd = (stream: Readable | null) =>
  new Promise<void>((resolve) => (stream ? stream.once('close', () => resolve()) : resolve()));

function sizeOf(payload: Buffer): { width: number; height: number } {
  try {
    const { Width: width, Height: height } = JSON.parse(payload.toString()) as { Width: number; Height: number };
    return { width, height };
  } catch {
    return { width: 0, height: 0 };
  }
}

/** What the error channel carries at the end: Success, or the exit code as a cause of a failure. */
function exitStatus(code: number): unknown {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
