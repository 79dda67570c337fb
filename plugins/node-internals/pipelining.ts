/**
 * Serves the requests of an HTTP/1 connection one at a time, and lets few wait. Node.js passes every request to the server as
 * soon as it arrives, and keeps all replies until the client reads them: 1,000 requests on each of 25 connections took
 * 2.7 GB; now they take 5 MB.
 *
 * Depends on two things: the listeners of `request`, `clientError` and `connect` do all the work of Node's HTTP server, and a
 * paused socket delivers no further request.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { stopParsing } from './stop-parsing.ts';

/**
 * How many requests of one connection may wait. One more closes the connection: Node.js parses all requests of one read
 * (64 kB, up to 3,600 requests) before a pause takes effect.
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
  /** The request that is served now. */
  current?: IncomingMessage | undefined;
  /** Number of requests that were served, including the current one. */
  served: number;
  /** Number of requests above `maxRequestsPerSocket`; Node.js replies to these itself. */
  dropped: number;
  /** Runs when all requests have their replies. */
  afterwards?: () => void;
}

/**
 * Takes over the present listeners of `server`. The serial order also satisfies RFC 9112 §9.3.2 (only safe methods may be
 * processed in parallel) and §9.6 (nothing is processed after a reply that closes the connection).
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
      if (isLast(pipeline, request, server)) response.setHeader('Connection', 'close');
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
  server.on('clientError', (error: Error, socket: Socket) => {
    closeInOrder(pipelines.get(socket), () => refuse(error, socket));
  });

  // Without a listener, Node.js closes the connection itself.
  if (server.listenerCount('connect') === 0) return;
  const connect = takeOver(server, 'connect');
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Node.js has removed its own error listener; an unhandled error would end the process.
    socket.on('error', () => socket.destroy());
    closeInOrder(pipelines.get(socket), () => connect(request, socket, head));
  });
}

/**
 * Calls `close`, which replies to a message that is not served and closes the connection. The requests before this message
 * get their replies first (RFC 9112 §9.3.2).
 */
function closeInOrder(pipeline: Pipeline | undefined, close: () => void): void {
  // If the current request is incomplete, the error is in its body.
  if (pipeline?.current?.complete !== true || !pipeline.socket.writable) {
    close();
    return;
  }
  if (pipeline.waiting.at(-1)?.request.complete === false) pipeline.waiting.pop();
  pipeline.afterwards ??= close;
  pipeline.socket.pause();
}

/** Removes the listeners of an event, and returns a function that calls them. */
function takeOver(server: Server, event: string): (...args: readonly unknown[]) => void {
  const listeners = server.listeners(event);
  server.removeAllListeners(event);
  return (...args) => {
    for (const listener of listeners) Reflect.apply(listener, server, args);
  };
}

/**
 * Node.js 24.21 sends this field after the last request too, but leaves the connection open. It drops what follows a request
 * with an Upgrade field in the same read. Closing lets the client know that its next request was not processed.
 */
const isLast = (
  { served }: Pipeline,
  { headers }: IncomingMessage,
  { maxRequestsPerSocket }: Server,
): boolean => served === maxRequestsPerSocket || headers.upgrade !== undefined;

function openPipeline(socket: Socket): Pipeline {
  const pipeline: Pipeline = { socket, waiting: [], served: 0, dropped: 0 };
  // Node.js resumes the socket after each request. A connection that is closing is read further (plugins/lingering-close.ts).
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

/** Stops reading until the waiting requests are served. */
function hold({ socket, waiting, dropped }: Pipeline): void {
  if (waiting.length + dropped <= MAX_WAITING) {
    socket.pause();
    return;
  }
  waiting.length = 0;
  stopParsing(socket);
  socket.destroy();
}

function start(pipeline: Pipeline, { request, response, serve }: Exchange): void {
  pipeline.current = request;
  pipeline.served += 1;
  response.on('close', () => startNext(pipeline));
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
