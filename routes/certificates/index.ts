/** The certificates that stored authorities issued. A service without a store refuses every request here. */

import { Readable } from 'node:stream';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { afterDuration, parseDuration } from '../../src/ca/duration.ts';
import { READING } from '../authorities/access.ts';
import { sendAsFile } from '../wire/certificate-file.ts';
import { readParameter } from '../wire/query.ts';
import { decodeFilter, orderOf } from './decode.ts';
import { exportLines } from './export.ts';
import { presentWhole } from './present.ts';
import {
  components,
  exportCertificates,
  listCertificates,
  listExpiring,
  NDJSON,
  readCertificate,
} from './schema.ts';
import { renewal } from './renewal.ts';
import { pageOf } from './send-page.ts';

/** In milliseconds: a million certificates need minutes, and a client may read slowly. */
const EXPORT_DEADLINE = 3_600_000;

export const certificates: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.get('', { schema: listCertificates, config: READING }, async (request, reply) => {
    const { query } = request;
    const search = { filter: decodeFilter(query), authority: query.authority, order: orderOf(query) };
    return pageOf(request, reply, search, query);
  });

  app.get('/expiring', { schema: listExpiring, config: READING }, async (request, reply) => {
    const { within = 'P30D', ...query } = request.query;
    const now = app.checkpointPorts().clock();
    const to = readParameter('within', () => afterDuration(now, parseDuration(within)));
    const filter = { ...decodeFilter(query), status: 'valid', expiring: { to } } as const;
    const search = { filter, authority: query.authority, order: 'expiring-first' } as const;
    return pageOf(request, reply, search, { within, ...query });
  });

  app.get(
    '/export',
    {
      schema: exportCertificates,
      config: { ...READING, deadline: EXPORT_DEADLINE, stream: true },
      // It would read everything and send nothing.
      exposeHeadRoute: false,
    },
    async ({ query, certificateRecords }, reply) => {
      const filter = decodeFilter(query);
      const search = { filter, authority: query.authority, order: 'oldest-first' } as const;
      const pages = await certificateRecords.export(search);
      const lines = exportLines(pages, app.checkpointPorts().clock);
      return reply.type(NDJSON).send(Readable.from(lines, { objectMode: false }));
    },
  );

  app.get('/:id', { schema: readCertificate, config: READING }, async (request, reply) => {
    const { certificate, issuers } = await request.certificateRecords.show(request.params.id);
    if (sendAsFile(request, reply, [certificate.der, ...issuers], false)) return reply;
    return presentWhole(certificate, app.checkpointPorts().clock(), issuers);
  });

  app.register(renewal);
  done();
};
