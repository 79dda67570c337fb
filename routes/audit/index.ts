/** The audit chain of the store. A service without a store refuses every request here. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { PkiError } from '../../src/base/errors.ts';
import { searchAuditRecords } from '../../src/records/audit-records.ts';
import { makeCheckpoint } from '../../src/records/checkpoints.ts';
import type { AuditPlace } from '../../src/storage/ports.ts';
import { ISSUING } from '../wire/cost.ts';
import { decodeCursor, encodeCursor } from '../wire/cursor.ts';
import { linkNext } from '../wire/page.ts';
import { decodePeriod } from '../wire/query.ts';
import { presentAuditKey, presentCheckpoint, presentHead, presentRecord } from './present.ts';
import {
  components,
  listAudit,
  listCheckpoints,
  makeCheckpoint as makeCheckpointSchema,
  readAuditHead,
  readAuditKey,
} from './schema.ts';

const ADMIN = Object.freeze({ scope: 'admin' } as const);

/** Those who hold the service to its checkpoints are not administrators. */
const OBSERVING = Object.freeze({ scope: 'certs:read' } as const);

export const audit: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);
  const store = () => app.checkpointPorts().store;

  app.get('', { schema: listAudit, config: ADMIN }, async (request, reply) => {
    const { from, to, cursor, limit = 50, authority, ...facts } = request.query;
    const parameters = given({ from, to, authority, ...facts });
    const period = decodePeriod({ from, to }, ['from', 'to']);
    const filter = { ...facts, ...(period && { period }) };
    const after = decodePlace(cursor, parameters);
    const { records, hasNext } = await searchAuditRecords(store(), { filter, authority, after, limit });
    const last = records.at(-1);
    const next = hasNext && last ? placeAfter(last, parameters) : null;
    linkNext(request, reply, next);
    return { records: records.map(presentRecord), next };
  });

  app.get('/head', { schema: readAuditHead, config: ADMIN }, async () =>
    presentHead(await store().auditHead()),
  );

  app.get('/checkpoints', { schema: listCheckpoints, config: OBSERVING }, async ({ query }) => {
    const { after = 0, limit = 100 } = query;
    const checkpoints = await store().readCheckpoints({ after, limit });
    return { checkpoints: checkpoints.map(presentCheckpoint) };
  });

  app.post('/checkpoints', { schema: makeCheckpointSchema, config: { ...ISSUING, ...ADMIN } }, async () =>
    presentCheckpoint(await makeCheckpoint(app.checkpointPorts())),
  );

  app.get('/key', { schema: readAuditKey, config: OBSERVING }, async () => {
    const key = await store().getServiceKey('audit');
    if (key !== undefined) return presentAuditKey(key);
    throw new PkiError('key-unavailable', 'The key is made with the first checkpoint, and there is none yet');
  });

  done();
};

type Parameters = Readonly<Record<string, string>>;

const given = (query: Readonly<Record<string, string | undefined>>): Parameters =>
  Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

function decodePlace(cursor: string | undefined, query: Parameters): AuditPlace | undefined {
  if (cursor === undefined) return undefined;
  const { time: at, tie } = decodeCursor(cursor, query, (text) => /^[1-9]\d{0,15}$/.test(text));
  return { at, sequence: Number(tie) };
}

const placeAfter = ({ at, sequence }: AuditPlace, query: Parameters): string =>
  encodeCursor({ time: at, tie: String(sequence) }, query);
