import { connect } from 'node:net';

/** A connection on which octets are sent as they are. */
export interface RawConnection {
  send(octets: string): void;
  /** Stops reading, so that received data fills the buffers of both ends. */
  pause(): void;
  /** Ends the sending direction. */
  end(): void;
  close(): void;
  /** Resolves with everything that was received, when the connection has closed. */
  readonly reply: Promise<string>;
  /** Everything that was received so far. */
  readonly received: string;
  readonly closed: boolean;
}

/** Connects to a port of 127.0.0.1. `reply` rejects if the connection is reset, unless `lenient` is set. */
export function openRaw(port: number, { lenient = false } = {}): RawConnection {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let received = '';
  socket.on('data', (chunk: string) => (received += chunk));
  const reply = new Promise<string>((resolve, reject) => {
    socket.on('error', (error) => (lenient ? undefined : reject(error)));
    socket.on('close', () => resolve(received));
  });
  return {
    send: (octets) => void socket.write(octets, 'latin1'),
    pause: () => void socket.pause(),
    end: () => void socket.end(),
    close: () => void socket.destroy(),
    reply,
    get received() {
      return received;
    },
    get closed() {
      return socket.closed;
    },
  };
}
