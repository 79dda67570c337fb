/** Lints fixtures, as received and as about to be signed. */

import { checkDer } from '../../src/formats/der/strict.ts';
import {
  bitString,
  contextConstructed,
  enumerated,
  objectIdentifier,
  octetString,
  sequence,
} from '../../src/formats/der/writer.ts';
import type { Signer } from '../../src/keys/key.ts';
import { lint, lintCertificateList, type Finding } from '../../src/lint/lint.ts';
import { lintReceived } from '../../src/lint/linted.ts';
import type { SignedKind } from '../../src/lint/rule.ts';
import { craftCertificate, craftRequest, craftRequestInfo, craftTbs } from '../support/crafted.ts';
import type { Fixture } from './fixtures/fixture.ts';
import { craftTbsList } from './fixtures/lists.ts';

const signed = async (signer: Signer, toBeSigned: Uint8Array, ...more: readonly Uint8Array[]) =>
  sequence(toBeSigned, signer.signatureAlgorithm, bitString(await signer.sign(toBeSigned)), ...more);

async function ocspResponse(signer: Signer, { data = sequence(), certificates = [] }: Fixture) {
  const certs = await Promise.all(certificates.map((parts) => craftCertificate(signer, parts)));
  const list = certs.length === 0 ? [] : [contextConstructed(0, sequence(...certs))];
  const basic = octetString(await signed(signer, data, ...list));
  return sequence(
    enumerated(0),
    contextConstructed(0, sequence(objectIdentifier('1.3.6.1.5.5.7.48.1.1'), basic)),
  );
}

/** Returns what a fixture is, and its octets. */
export async function made(signer: Signer, fixture: Fixture): Promise<readonly [SignedKind, Uint8Array]> {
  const { certificate, request, list, response } = fixture;
  if (certificate) return ['certificate', await craftCertificate(signer, certificate)];
  if (request) return ['certification-request', await craftRequest(signer, request)];
  if (list) return ['certificate-list', await signed(signer, craftTbsList(signer, list))];
  return ['ocsp-response', response ?? (await ocspResponse(signer, fixture))];
}

export const lintAsReceived = async (signer: Signer, fixture: Fixture) =>
  lintReceived(...(await made(signer, fixture)), fixture.profile);

/** Undefined for what is never signed. */
export async function lintBeforeSigning(
  signer: Signer,
  { certificate, request, list, data }: Fixture,
): Promise<readonly Finding[] | undefined> {
  const algorithm = checkDer(
    certificate?.signatureAlgorithm ??
      certificate?.signature ??
      request?.signatureAlgorithm ??
      list?.signature ??
      signer.signatureAlgorithm,
  );
  if (certificate) return lint('certificate', craftTbs(signer, certificate), algorithm);
  if (request) return lint('certification-request', craftRequestInfo(signer, request), algorithm);
  if (list) return lintCertificateList(craftTbsList(signer, list), signer.signatureAlgorithm);
  return data && lint('ocsp-response', data, signer.signatureAlgorithm);
}
