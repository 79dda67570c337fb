/** Whether certificates of the stored authorities are revoked, by their CRLs in memory. */

import { ifReadable, PkiError } from '../base/errors.ts';
import { ownKeyIdentifier } from '../ca/authority.ts';
import { extensionOid } from '../formats/oids.ts';
import { LENIENT } from '../formats/reading.ts';
import type { Certificate } from '../x509/certificate.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { readAuthorityKeyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { isSelfSigned } from '../x509/path/link.ts';
import type { PublishedCrls } from './crl/published-crls.ts';
import { crlName, scopeOf } from './crl/place.ts';
import { serialNumbersOf, serialText } from './crl/serial-numbers.ts';
import type { PublishedIssuer, PublishedIssuers } from './published-issuers.ts';

export interface OwnRevocationSources {
  readonly crls: Pick<PublishedCrls, 'find'>;
  readonly issuers: Pick<PublishedIssuers, 'all'>;
}

/** More than the CAs of a path. */
const MAX_DEPTH = 8;

/**
 * Throws PkiError if a certificate of a stored authority, or of a stored CA above it, is revoked, or a CRL of them is not
 * current. A certificate of another CA passes: this service knows nothing about it.
 */
export async function refuseRevoked(sources: OwnRevocationSources, certificate: Certificate): Promise<void> {
  const issuers = [...(await sources.issuers.all())];
  let checked: Certificate | undefined = certificate;
  for (let depth = 0; depth < MAX_DEPTH && checked !== undefined && !isSelfSigned(checked); depth += 1) {
    const issuer = issuerOf(checked, issuers);
    if (issuer === undefined) return;
    await refuseListed(sources, issuer, checked, depth);
    checked = issuer.certificate;
  }
}

const issuerOf = (
  certificate: Certificate,
  issuers: readonly PublishedIssuer[],
): PublishedIssuer | undefined =>
  issuers.find(
    (issuer) =>
      Buffer.compare(issuer.certificate.subject, certificate.issuer) === 0 &&
      isIdentified(certificate, issuer.certificate),
  );

/** By the key identifiers, which all certificates of stored authorities have (RFC 5280 §4.2.1.1). */
function isIdentified({ extensions }: Certificate, ca: Certificate): boolean {
  const identifier = ifReadable(() => {
    const value = extensionValue(extensions, extensionOid.authorityKeyIdentifier);
    return value && readAuthorityKeyIdentifier(value).keyIdentifier;
  });
  return identifier !== undefined && Buffer.compare(identifier, ownKeyIdentifier(ca, LENIENT)) === 0;
}

async function refuseListed(
  { crls }: OwnRevocationSources,
  { keyId, sharding }: PublishedIssuer,
  { serialNumber }: Certificate,
  depth: number,
): Promise<void> {
  const subject = depth === 0 ? 'The certificate' : 'A CA certificate above it';
  const scope = scopeOf(sharding, serialNumber);
  const crl = await crls.find(crlName({ authorityKeyId: keyId, scope }));
  if (crl === undefined || crl === 'ended')
    throw new PkiError('invalid-certificate', `${subject} cannot be checked: its CRL is not current`);
  if ((await serialNumbersOf(crl)).has(serialText(serialNumber)))
    throw new PkiError('invalid-certificate', `${subject} is revoked`);
}
