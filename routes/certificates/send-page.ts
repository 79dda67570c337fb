import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CertificateSearch } from '../../src/records/certificate-records.ts';
import { linkNext } from '../wire/page.ts';
import { decodePlace, placeAfter } from './decode.ts';
import { presentSummary } from './present.ts';
import type { ListParameters } from './query.ts';

/** Returns the reply to a request for a page. `query` has its parameters, which a cursor belongs to. */
export async function pageOf(
  request: FastifyRequest,
  reply: FastifyReply,
  search: CertificateSearch,
  query: ListParameters & { readonly within?: string },
) {
  const { limit = 50, cursor } = query;
  const parameters = given(query);
  const after = decodePlace(cursor, parameters, search.order);
  const page = await request.certificateRecords.search({ ...search, limit, after });
  const last = page.certificates.at(-1);
  const next = page.hasNext && last ? placeAfter(last, parameters, search.order) : null;
  linkNext(request, reply, next);
  const now = request.server.checkpointPorts().clock();
  return { certificates: page.certificates.map((stored) => presentSummary(stored, now)), next };
}

const given = (query: object): Readonly<Record<string, string | number>> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
