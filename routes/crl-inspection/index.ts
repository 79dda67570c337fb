import { setImmediate } from 'node:timers/promises';
import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import { atMember, atMemberAsync, PkiError } from '../../src/base/errors.ts';
import { decodePemOrDer } from '../../src/formats/pem-or-der.ts';
import type { Reading } from '../../src/formats/reading.ts';
import {
  describeCrl,
  describeEntries,
  findEntry,
  verifyCrl,
} from '../../src/x509/description/crl/crl-description.ts';
import { readReceivedCrl, type ReceivedCrl } from '../../src/x509/description/crl/received-crl.ts';
import { parseSerialNumber } from '../../src/x509/serial-number.ts';
import { INSPECTING } from '../wire/cost.ts';
import { decodeCertificates } from '../wire/decode.ts';
import { CRL_TYPES } from '../wire/media-types.ts';
import { presentNotes } from '../wire/notes.ts';
import { inspectionOf } from '../wire/reading.ts';
import { presentCrl, presentEntries, presentEntry, presentSignature } from './present.ts';
import { components, inspectCrl, type CrlInspection } from './schema.ts';

const INSPECTING_CRLS = { ...INSPECTING, rawBody: { member: 'crl', types: CRL_TYPES } } as const;

const LIMIT = 100;

export const crlInspection: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post('/inspect', { schema: inspectCrl, config: INSPECTING_CRLS }, async ({ body }) => {
    // To read a long body and to read a long CRL take a turn of the event loop each
    await setImmediate();
    const reading = inspectionOf(app.config, body);
    const crl = await atMemberAsync('crl', () => decodeCrl(body.crl, reading.at('crl')));
    await setImmediate();
    const { offset = 0, limit = LIMIT } = body;
    const serialNumber = serialNumberOf(body);
    return {
      ...atMember('crl', () => ({
        ...presentCrl(describeCrl(crl, reading.at('crl'))),
        ...presentEntries(describeEntries(crl, { offset, limit }, reading.at('crl')), offset),
        found: serialNumber && entryOf(crl, serialNumber, reading.at('crl')),
      })),
      ...(body.issuer !== undefined && (await signatureOf(crl, body.issuer, reading.at('issuer')))),
      notes: presentNotes(reading.notes),
    };
  });

  async function signatureOf(crl: ReceivedCrl, issuer: string, reading: Reading) {
    const certificates = decodeCertificates('issuer', issuer, reading);
    return presentSignature(await verifyCrl(app.keys, crl, certificates, reading));
  }

  done();
};

const decodeCrl = async (text: string, reading: Reading): Promise<ReceivedCrl> =>
  readReceivedCrl(decodePemOrDer(text, 'X509 CRL', reading), reading);

/** Throws PkiError invalid-query at `serial_number`. */
function serialNumberOf({ serial_number: text }: Static<typeof CrlInspection.ref>): Uint8Array | undefined {
  const serialNumber = text === undefined ? undefined : parseSerialNumber(text);
  if (text === undefined || serialNumber !== undefined) return serialNumber;
  throw new PkiError('invalid-query', 'The serial number must be hexadecimal, 1 to 20 octets', [
    'serial_number',
  ]);
}

/** Null when it is not listed. */
function entryOf(crl: ReceivedCrl, serialNumber: Uint8Array, reading: Reading) {
  const entry = findEntry(crl, serialNumber, reading);
  return entry === undefined ? null : presentEntry(entry);
}
