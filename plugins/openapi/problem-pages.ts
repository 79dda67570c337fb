/** Serves the pages to which the `type` of a problem leads. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { exampleOf } from '../errors/help/example.ts';
import { DOCUMENTED_PROBLEMS } from '../errors/help/documented-problems.ts';
import { PROBLEMS_PATH } from '../errors/problem-codes.ts';
import { keepFile, type KeptFile } from './kept-file.ts';
import { PROBLEM_PAGE_POLICY, problemIndexPage, problemPage } from './problem-html.ts';
import { sendKept } from './send-kept.ts';

export function serveProblemPages(app: FastifyInstance): void {
  const { BASE_PATH } = app.config;
  const url = `${BASE_PATH}${PROBLEMS_PATH}`;
  const index = html(problemIndexPage());
  const pages = new Map(
    DOCUMENTED_PROBLEMS.map((problem) => [
      problem.code,
      html(problemPage(problem, exampleOf(problem, BASE_PATH))),
    ]),
  );
  const schema = { hide: true };
  app.get(url, { schema }, (request, reply) => send(index, request, reply));
  app.get<{ Params: { code: string } }>(`${url}/:code`, { schema }, async (request, reply) => {
    const page = pages.get(request.params.code);
    return page === undefined ? reply.callNotFound() : send(page, request, reply);
  });
}

const html = (text: string): KeptFile => keepFile('text/html; charset=utf-8', Buffer.from(text));

function send(page: KeptFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('Content-Security-Policy', PROBLEM_PAGE_POLICY);
  return sendKept(page, request, reply);
}
