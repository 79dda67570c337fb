/** OCSP responses that OpenSSL signs (RFC 6960 §3.2). */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import {
  contextConstructed,
  objectIdentifier,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { extendedKeyUsageOid } from '../../src/formats/oids.ts';
import { readOcspResponse } from '../../src/verification/revocation/ocsp-response.ts';
import { craftMember, type Member } from '../ca/hierarchy.ts';
import { extension, validity } from '../support/crafted.ts';
import { keyPem, openDomain } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { codesOf, extendedKeyUsage, verify } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

const root = await member('Root');
const ca = await member('CA', {
  by: root,
  extensions: { keyUsage: extension('2.5.29.15', true, '03 02 01 86') },
});
const other = await member('CA');
const leaf = await member('Leaf', {
  by: ca,
  serialNumber: unsignedInteger(42),
  extensions: { basicConstraints: undefined, keyUsage: undefined },
});

const folder = t.testdir({});

/** Returns the response of `openssl ocsp` for the leaf; `status` is a line of its index without the serial number. */
async function respond(signer: Member, status: string, options: readonly string[] = []): Promise<Uint8Array> {
  const files = {
    index: `${status.replace('SERIAL', '2A')}\n`,
    ca: ca.pem,
    leaf: leaf.pem,
    signer: signer.pem,
    key: await keyPem(signer.key),
  };
  const path = join(folder, 'response');
  const args = `-index index -CA ca -rsigner signer -rkey key -issuer ca -cert leaf -noverify -respout ${path}`;
  const { code, stderr } = await openssl(['ocsp', ...options, ...args.split(' ')], { files });
  if (code !== 0) throw new Error(stderr);
  return readFile(path);
}

const GOOD = 'V\t301231235959Z\t\tSERIAL\tunknown\t/CN=Leaf';
const REVOKED = 'R\t301231235959Z\t250101000000Z,keyCompromise\tSERIAL\tunknown\t/CN=Leaf';

t.test('OCSP responses of OpenSSL', { skip: opensslMissing }, async (t) => {
  const signing = { basicConstraints: undefined, keyUsage: extension('2.5.29.15', true, '03 02 07 80') };
  const purpose = extendedKeyUsage(extendedKeyUsageOid.OCSPSigning);
  const delegate = await member('Responder', { by: ca, extensions: { ...signing, purpose } });
  const unauthorized = await member('Responder', { by: ca, extensions: signing });
  const foreign = await member('Responder', { by: other, extensions: { ...signing, purpose } });
  const expired = await member('Responder', {
    by: ca,
    validity: validity('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'),
    extensions: { ...signing, purpose },
  });
  const unclear = await member('Responder', {
    by: ca,
    extensions: { ...signing, purpose, unknown: extension('1.3.6.1.4.1.32473.1', true, '05 00') },
  });
  const codes = async (response: Uint8Array, time = new Date()) => {
    const responses = [readOcspResponse(response, 0)];
    const options = { responses, time, revocation: 'if-available' } as const;
    return codesOf(await verify(keys, { leaf, intermediates: [ca], anchors: [root], options })).join();
  };
  t.equal(await codes(await respond(ca, GOOD)), '', 'good, by the CA');
  t.equal(await codes(await respond(delegate, GOOD)), '', 'good, by a responder of the CA');
  t.equal(await codes(await respond(ca, REVOKED)), 'revoked');
  t.equal(await codes(await respond(delegate, REVOKED, ['-sha256'])), 'revoked');
  t.equal(await codes(await respond(ca, GOOD.replace('SERIAL', '2B'))), 'revocation-status', 'unknown');
  for (const signer of [unauthorized, foreign, expired, unclear])
    t.equal(await codes(await respond(signer, GOOD)), 'revocation-status');
  const tomorrow = (hours: number) => new Date(Date.now() + hours * 3_600_000);
  const endless = await respond(ca, GOOD);
  t.equal(await codes(endless, tomorrow(23)), '', 'no nextUpdate');
  t.equal(await codes(endless, tomorrow(25)), 'revocation-status', 'no nextUpdate, and not recent');
  const short = await respond(ca, GOOD, ['-nmin', '5']);
  t.equal(await codes(short), '');
  t.equal(await codes(short, new Date(Date.now() + 3_600_000)), 'revocation-status', 'an old response');
  t.equal(
    await codes(short, new Date(Date.now() - 3_600_000)),
    'revocation-status',
    'a response of the future',
  );
});

t.test('what cannot be read as an OCSP response is refused', async (t) => {
  const oid = objectIdentifier('1.2.3');
  const reading = (der: Uint8Array) => () => readOcspResponse(der, 0);
  t.throws(reading(sequence(Uint8Array.of(10, 1, 6))), { code: 'invalid-der', message: /unauthorized/ });
  t.throws(
    reading(sequence(Uint8Array.of(10, 1, 0), contextConstructed(0, sequence(oid, Uint8Array.of(4, 0))))),
    { message: /id-pkix-ocsp-basic/ },
  );
});
