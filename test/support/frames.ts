/** HTTP/2 frame by frame (RFC 9113 §4 and §6), for frames that no correct client sends. */

import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { Test } from 'tap';

export const TYPES = Object.freeze({
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
});

export type FrameType = keyof typeof TYPES;

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;

export interface Frame {
  readonly type: FrameType | 'unknown';
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frame(
  type: FrameType,
  stream: number,
  flags = 0,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(TYPES[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export const uint32 = (value: number): Buffer => {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
};

export type Fields = readonly (readonly [name: string, value: string])[];

/** Encodes a header block without Huffman coding and without the dynamic table (RFC 7541 §6.2.2). */
export const headerBlock = (fields: Fields): Buffer =>
  Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]));

function literal(text: string): Buffer {
  const octets = Buffer.from(text, 'latin1');
  return Buffer.concat([integer(octets.length), octets]);
}

/** RFC 7541 §5.1, with a prefix of 7 bits. */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const octets = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return Buffer.from([...octets, rest]);
}

export const requestFields = (method = 'GET', path = '/health', more: Fields = []): Fields => [
  [':method', method],
  [':scheme', 'https'],
  [':path', path],
  [':authority', 'localhost'],
  ...more,
];

export interface FrameClient {
  readonly socket: TLSSocket;
  send(...frames: readonly Buffer[]): void;
  /** Sends a request with a complete header. */
  request(stream: number, fields: Fields, flags?: number): void;
  /** The frames that were received so far. */
  readonly frames: readonly Frame[];
  /** Resolves with the first frame of these types. Rejects if the connection closes first. */
  next(type: FrameType, stream?: number): Promise<Frame>;
  /** Resolves when the other side has closed the connection. */
  readonly closed: Promise<void>;
}

export interface FrameClientOptions {
  /** Initial window of each stream, for data from the service. */
  readonly window?: number;
}

/** Connects, sends the preface, and acknowledges settings. */
export async function frameClient(
  t: Test,
  port: number,
  { window = 65_535 }: FrameClientOptions = {},
): Promise<FrameClient> {
  const socket = connect({ port, host: '127.0.0.1', ALPNProtocols: ['h2'], rejectUnauthorized: false });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  // An error ends the connection, which the tests examine.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const frames: Frame[] = [];
  readFrames(socket, (received) => {
    frames.push(received);
    if (received.type === 'SETTINGS' && received.flags !== ACK) socket.write(frame('SETTINGS', 0, ACK));
    socket.emit('frame');
  });
  socket.write(
    Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      frame('SETTINGS', 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(window)])),
    ]),
  );
  const find = (type: FrameType, stream?: number): Frame | undefined =>
    frames.find((frame) => frame.type === type && (stream === undefined || frame.stream === stream));
  await until(socket, closed, () => frames.find(({ type, flags }) => type === 'SETTINGS' && flags !== ACK));
  return {
    socket,
    frames,
    closed,
    send: (...parts) => void socket.write(Buffer.concat(parts)),
    request: (stream, fields, flags = END_STREAM) =>
      void socket.write(frame('HEADERS', stream, flags | END_HEADERS, headerBlock(fields))),
    next: (type, stream) => until(socket, closed, () => find(type, stream)),
  };
}

async function until(
  socket: TLSSocket,
  closed: Promise<void>,
  found: () => Frame | undefined,
): Promise<Frame> {
  for (;;) {
    const frame = found();
    if (frame !== undefined) return frame;
    if (socket.destroyed) throw new Error('the connection was closed before');
    await Promise.race([once(socket, 'frame'), closed]);
  }
}

function readFrames(socket: TLSSocket, received: (frame: Frame) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const end = 9 + rest.readUIntBE(0, 3);
      const type = Object.entries(TYPES).find(([, code]) => code === rest[3])?.[0] as FrameType | undefined;
      received({
        type: type ?? 'unknown',
        flags: rest.readUInt8(4),
        stream: rest.readUInt32BE(5),
        payload: Buffer.from(rest.subarray(9, end)),
      });
      rest = rest.subarray(end);
    }
  });
}

/** Code of RST_STREAM or GOAWAY. */
export const errorCode = ({ type, payload }: Frame): number =>
  payload.readUInt32BE(type === 'GOAWAY' ? 4 : 0);
