/**
 * A load generator that costs the two cores as little as it can: raw sockets, one request at a time on each, the same
 * octets again and again, and of a reply no more is read than its status and its length.
 * `node bench/load.ts` takes a {@link LoadOrder} as JSON on standard input and prints a {@link LoadFigure}.
 */

import { connect } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { json } from 'node:stream/consumers';

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** The whole HTTP/1.1 request, latin1. */
  readonly request: string;
}

export interface LoadFigure {
  readonly answers: number;
  /** Replies whose status is not 2xx. */
  readonly refusals: number;
  readonly seconds: number;
  /** Milliseconds from the request to the end of its reply. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of this process. */
  readonly processorSeconds: number;
}

interface Reply {
  readonly status: number;
  /** The service closes this connection. */
  readonly isLast: boolean;
}

const HEAD_END = '\r\n\r\n';

/** Returns a parser of the data of one connection. It returns a reply when the reply is complete. */
function replyReader(): (chunk: Buffer) => Reply | undefined {
  let head = '';
  let missing = 0;
  let reply: Reply | undefined;
  return (chunk) => {
    if (missing > 0) {
      missing -= chunk.length;
      return missing === 0 ? reply : undefined;
    }
    head += chunk.toString('latin1');
    const end = head.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const fields = head.slice(0, end).toLowerCase();
    missing = Number(/\r\ncontent-length: (\d+)/.exec(fields)?.[1]) - (head.length - end - HEAD_END.length);
    if (Number.isNaN(missing)) throw new Error(`a reply without a length: ${fields}`);
    reply = { status: Number(fields.slice(9, 12)), isLast: fields.includes('\r\nconnection: close') };
    head = '';
    return missing === 0 ? reply : undefined;
  };
}

class Load {
  readonly latencies = createHistogram();
  answers = 0;
  refusals = 0;
  readonly #port: number;
  readonly #octets: Buffer;
  readonly #end: number;

  constructor({ port, request, milliseconds }: LoadOrder) {
    this.#port = port;
    this.#octets = Buffer.from(request, 'latin1');
    this.#end = performance.now() + milliseconds;
  }

  /** One client, which reconnects when the service closes its connection. */
  async client(): Promise<void> {
    while (performance.now() < this.#end) await this.#connection();
  }

  #connection(): Promise<void> {
    return new Promise((resolve, reject) => {
      const read = replyReader();
      let sent = 0;
      const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
      const send = (): void => {
        sent = performance.now();
        socket.write(this.#octets);
      };
      const lost = (): void => reject(new Error('the service closed a connection without a reply'));
      socket.once('connect', send).once('error', reject).once('close', lost);
      socket.on('data', (chunk) => {
        const reply = read(chunk);
        if (reply === undefined) return;
        const now = performance.now();
        this.#record(reply, now - sent);
        if (now < this.#end && !reply.isLast) return send();
        socket.off('close', lost).destroy();
        resolve();
      });
    });
  }

  #record({ status }: Reply, milliseconds: number): void {
    this.latencies.record(Math.max(1, Math.round(milliseconds * 1000)));
    this.answers += 1;
    if (status < 200 || status > 299) this.refusals += 1;
  }
}

async function run(order: LoadOrder): Promise<LoadFigure> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const load = new Load(order);
  await Promise.all(Array.from({ length: order.connections }, () => load.client()));
  const { user, system } = process.cpuUsage(cpu);
  return {
    answers: load.answers,
    refusals: load.refusals,
    seconds: (performance.now() - start) / 1000,
    p50: load.latencies.percentile(50) / 1000,
    p99: load.latencies.percentile(99) / 1000,
    processorSeconds: (user + system) / 1e6,
  };
}

console.log(JSON.stringify(await run((await json(process.stdin)) as LoadOrder)));
