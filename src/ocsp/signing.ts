/** Signs one response: reads the status of each certificate, prepares, lints, signs and verifies. */

import { hash } from 'node:crypto';
import { monotonicNow } from '../base/clock.ts';
import { prepareOcspResponse } from '../ca/prepared.ts';
import { checkDer } from '../formats/der/strict.ts';
import type { Der } from '../formats/der/header.ts';
import type { Keys } from '../keys/key.ts';
import type { CertId } from '../x509/ocsp/cert-id.ts';
import { encodeOcspResponse, type CertStatus, type SingleResponse } from '../x509/ocsp/response-writer.ts';
import type { Periods } from './periods.ts';
import type { IssuerKey, OcspObserver, RevocationSource } from './ports.ts';
import type { ResponderKeys } from './responder-keys.ts';
import type { SignedResponse } from './response-cache.ts';
import type { Revisions } from './revisions.ts';
import { statusOf } from './status.ts';

export interface SigningPorts {
  readonly keys: Pick<Keys, 'verify'>;
  readonly responderKeys: ResponderKeys;
  readonly source: RevocationSource;
  readonly revisions: Revisions;
  readonly periods: Periods;
  readonly observer: OcspObserver;
}

export interface Signed {
  readonly response: SignedResponse;
  /** In the order of the request. */
  readonly statuses: readonly CertStatus[];
  /** Of the authority key, read before the statuses: they can only be newer. */
  readonly revision: number;
}

/** A serial number is of one authority key at most. */
export async function readStatus(
  { source }: Pick<SigningPorts, 'source'>,
  { keyIds }: Pick<IssuerKey, 'keyIds'>,
  { serialNumber: serial }: CertId,
): Promise<CertStatus> {
  for (const authorityKeyId of keyIds) {
    const known = await source.serialStatus({ authorityKeyId, serial });
    if (known !== undefined) return statusOf(known);
  }
  return statusOf(undefined);
}

/** Throws PkiError while a part of the service cannot be used. */
export async function signResponse(
  ports: SigningPorts,
  issuer: IssuerKey,
  certIds: readonly CertId[],
  nonce?: Der,
): Promise<Signed> {
  // Before the statuses, because it can take seconds: they must be right at thisUpdate (RFC 6960 §2.4)
  const key = await ports.responderKeys.for(issuer, ports.periods.now());
  const revision = await ports.revisions.current(issuer);
  const responses: SingleResponse[] = [];
  // One after another: a few requests of strangers must not fill the queue of the store
  for (const certId of certIds) responses.push(await readResponse(ports, issuer, certId));
  const statuses = responses.map(({ status }) => status);
  const start = monotonicNow();
  const period = ports.periods.start(
    key,
    statuses.every(({ is }) => is !== 'unknown'),
  );
  const prepared = prepareOcspResponse(key.signer, { ...period, responses, nonce }, key.publicKey);
  const signed = checkDer(await prepared.issue(ports.keys));
  const der = encodeOcspResponse(signed, key.certificates);
  ports.observer.signed((monotonicNow() - start) / 1000);
  return { response: { der, ...period, digest: hash('sha256', der, 'hex') }, statuses, revision };
}

const readResponse = async (
  ports: SigningPorts,
  issuer: IssuerKey,
  certId: CertId,
): Promise<SingleResponse> => ({
  certId: certId.encoding,
  status: await readStatus(ports, issuer, certId),
});
