import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Frame, FrameReader, frame, opcodes } from './frames.ts';

/** One accepted WebSocket: whole binary messages in and out. Its peer's pings are answered. */
export interface WebSocket {
  /** False when the peer is slow: wait for `drained`. */
  send(message: Buffer): boolean;
  /** Says goodbye (RFC 6455, 7.4.1: 1000 is a normal end) and closes. */
  close(code: number): void;
  /** Cuts the connection without a word. */
  cut(): void;
  pause(): void;
  resume(): void;
}

export interface WebSocketEvents {
  readonly message: (message: Buffer) => void;
  readonly drained: () => void;
  /** Once, however it ended. */
  readonly closed: () => void;
}

const LONGEST_MESSAGE = 16 * 1024 * 1024;

/** The first of the offered subprotocols that is spoken here, undefined when there is none. */
export function chooseProtocol(request: IncomingMessage, spoken: readonly string[]): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  return offered.find((each) => spoken.includes(each));
}

/** Answers the handshake (RFC 6455, 4.2.2) and reads frames from then on. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  protocol: string,
  listeners: (self: WebSocket) => WebSocketEvents,
): void {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    `Sec-WebSocket-Protocol: ${protocol}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const events = listeners({
    send: (message) => !socket.writable || socket.write(frame(opcodes.binary, message)),
    close(code) {
      if (!socket.writable) return;
      const payload = Buffer.alloc(2);
      payload.writeUInt16BE(code);
      socket.end(frame(opcodes.close, payload));
      setTimeout(() => socket.destroy(), 1000).unref(); // a peer that doesn't answer is not waited for
    },
    cut: () => void socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  });
  const message = assembler((whole) => events.message(whole));
  const reader = new FrameReader(LONGEST_MESSAGE, (received) => {
    if (received.opcode === opcodes.ping && socket.writable) socket.write(frame(opcodes.pong, received.payload));
    else if (received.opcode === opcodes.close) {
      if (socket.writable) socket.end(frame(opcodes.close, received.payload));
    } else if (received.opcode < opcodes.close) message(received);
  });
  const read = (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch {
      socket.destroy();
    }
  };
  socket.on('data', read);
  socket.on('drain', () => events.drained());
  socket.on('end', () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.once('close', () => events.closed());
  if (head.length > 0) read(head);
}

/** Puts fragmented messages together. */
function assembler(whole: (message: Buffer) => void): (part: Frame) => void {
  let parts: Buffer[] = [];
  return ({ payload, final }) => {
    parts.push(payload);
    if (!final) return;
    const message = Buffer.concat(parts);
    parts = [];
    whole(message);
  };
}
