/**
 * Serves the files of Swagger UI and the OpenAPI document from memory, in place of the handlers of @fastify/swagger-ui. These
 * open a file, or serialize the document, for each request. 1,000 pipelined requests on each of 25 connections whose
 * replies were not read took 20,000 descriptors and 3.1 GB, and for the document 2.7 GB.
 */

import { readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, RouteHandlerMethod, RouteOptions } from 'fastify';
import { keepFile, type KeptFile } from './kept-file.ts';
import { sendKept } from './send-kept.ts';

/** Replaces handlers of the routes that @fastify/swagger-ui is about to add below `prefix`. */
export async function keepRoutes(app: FastifyInstance, prefix: string): Promise<void> {
  const files = await readFiles();
  const handlers = new Map<string, RouteHandlerMethod>([
    [`${prefix}/static/*`, fileHandler(files)],
    [`${prefix}/json`, documentHandler(() => [JSON_TYPE, JSON.stringify(app.swagger())])],
    [`${prefix}/yaml`, documentHandler(() => ['application/x-yaml', app.swagger({ yaml: true })])],
  ]);
  app.addHook('onRoute', (route: RouteOptions) => {
    route.handler = handlers.get(route.url) ?? route.handler;
  });
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Where the package keeps the files of the page. */
const FOLDER = join(dirname(fileURLToPath(import.meta.resolve('@fastify/swagger-ui'))), 'static');

async function readFiles(): Promise<ReadonlyMap<string, KeptFile>> {
  const names = await readdir(FOLDER);
  const read = async (name: string): Promise<readonly [string, KeptFile]> => [
    name,
    keepFile(TYPES[extname(name)] ?? 'application/octet-stream', await readFile(join(FOLDER, name))),
  ];
  return new Map(await Promise.all(names.map(read)));
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'application/javascript; charset=utf-8',
  '.json': JSON_TYPE,
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

const fileHandler =
  (files: ReadonlyMap<string, KeptFile>): RouteHandlerMethod =>
  async (request, reply) => {
    const { '*': name = '' } = request.params as { readonly '*'?: string };
    const file = files.get(name);
    return file === undefined ? reply.callNotFound() : sendKept(file, request, reply);
  };

/** The document is complete only after the last plugin, so the first request builds it. */
function documentHandler(make: () => readonly [type: string, text: string]): RouteHandlerMethod {
  let file: KeptFile | undefined;
  return async (request, reply) => {
    if (file === undefined) {
      const [type, text] = make();
      file = keepFile(type, Buffer.from(text));
    }
    return sendKept(file, request, reply);
  };
}
