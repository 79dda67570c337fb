/**
 * HTTP/1 pipelining: one request of a connection is served at a time, and few wait. Node.js gives a server every request that a
 * client has sent, and keeps all replies until the client reads them: 1,000 requests on each of 25 connections took 2.7 GB.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fp from 'fastify-plugin';

export const pipelining = fp(
  async (app) => {
    limitPipelining(app.server);
  },
  // `framing` adds listeners to the server, which wait their turn too.
  { name: 'pipelining', dependencies: ['framing'] },
);

/**
 * How many requests of one connection may wait. One more closes it, since all requests of one read (64 kB, up to 2,500 requests)
 * are parsed before the pause takes effect.
 */
const MAX_WAITING = 32;

type Serve = (pipeline: Pipeline, request: IncomingMessage, response: ServerResponse) => void;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly serve: Serve;
}

interface Pipeline {
  readonly socket: Socket;
  readonly waiting: Exchange[];
  /** What is served now. */
  current?: IncomingMessage | undefined;
  /** Requests that were served, or are. */
  served: number;
  /** Requests above `maxRequestsPerSocket`, to which Node.js replies itself. */
  dropped: number;
  /** What to do when all requests have their replies. */
  afterwards?: () => void;
}

/**
 * Applies to all listeners that `server` has by now. Serial order also keeps RFC 9112 §9.3.2 (only safe methods may be processed in
 * parallel) and §9.6 (nothing is processed after a reply that closes the connection).
 */
export function limitPipelining(server: Server): void {
  const pipelines = new WeakMap<Socket, Pipeline>();
  const pipelineOf = (socket: Socket): Pipeline => {
    const pipeline = pipelines.get(socket) ?? openPipeline(socket);
    pipelines.set(socket, pipeline);
    return pipeline;
  };

  for (const event of ['request', 'checkExpectation']) {
    const listeners = takeOver(server, event);
    const serve: Serve = (pipeline, request, response) => {
      // Node.js (24.21) says so too after the last request, and leaves the connection open.
      if (pipeline.served === server.maxRequestsPerSocket) response.setHeader('Connection', 'close');
      listeners(request, response);
    };
    server.on(event, (request: IncomingMessage, response: ServerResponse) => {
      // HTTP/2 has streams and limits of its own (plugins/http2).
      if (request.httpVersionMajor > 1) listeners(request, response);
      else receive(pipelineOf(request.socket), { request, response, serve });
    });
  }

  server.on('dropRequest', (_request: IncomingMessage, socket: Socket) => {
    const pipeline = pipelineOf(socket);
    pipeline.dropped += 1;
    hold(pipeline);
  });

  const refuse = takeOver(server, 'clientError');
  server.on('clientError', (error: Error & { readonly code?: string }, socket: Socket) => {
    const pipeline = pipelines.get(socket);
    const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    // Of a later request: the rest of its header is not read now, and the 408 must not take the place of another reply.
    if (isLate && pipeline?.current?.complete === true) pipeline.afterwards = () => refuse(error, socket);
    else refuse(error, socket);
  });
}

/** Removes the listeners of an event. Returns what calls them. */
function takeOver(server: Server, event: string): (...args: readonly unknown[]) => void {
  const listeners = server.listeners(event);
  server.removeAllListeners(event);
  return (...args) => {
    for (const listener of listeners) Reflect.apply(listener, server, args);
  };
}

function openPipeline(socket: Socket): Pipeline {
  const pipeline: Pipeline = { socket, waiting: [], served: 0, dropped: 0 };
  // Node.js resumes the socket when a request has been read. A connection that ends is read on (plugins/lingering-close.ts).
  socket.on('resume', () => {
    if (isFull(pipeline) && !socket.writableEnded) socket.pause();
  });
  return pipeline;
}

const isFull = ({ waiting, dropped, afterwards }: Pipeline): boolean =>
  waiting.length + dropped > 0 || afterwards !== undefined;

function receive(pipeline: Pipeline, exchange: Exchange): void {
  if (pipeline.socket.destroyed) return;
  if (pipeline.current === undefined) {
    start(pipeline, exchange);
    return;
  }
  pipeline.waiting.push(exchange);
  hold(pipeline);
}

/** Reads no more until the waiting requests are served. */
function hold({ socket, waiting, dropped }: Pipeline): void {
  if (waiting.length + dropped <= MAX_WAITING) {
    socket.pause();
    return;
  }
  waiting.length = 0;
  socket.destroy();
}

function start(pipeline: Pipeline, { request, response, serve }: Exchange): void {
  pipeline.current = request;
  pipeline.served += 1;
  response.once('close', () => startNext(pipeline));
  serve(pipeline, request, response);
}

function startNext(pipeline: Pipeline): void {
  const { socket, waiting } = pipeline;
  pipeline.current = undefined;
  const next = waiting.shift();
  // After a reply that closes the connection nothing more is served.
  if (!socket.writable) waiting.length = 0;
  else if (next === undefined) pipeline.afterwards?.();
  else {
    start(pipeline, next);
    if (!isFull(pipeline)) socket.resume();
  }
}
