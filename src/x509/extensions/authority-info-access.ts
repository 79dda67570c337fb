/**
 * AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
 *
 * AccessDescription ::= SEQUENCE {
 *      accessMethod          OBJECT IDENTIFIER,
 *      accessLocation        GeneralName }                    -- RFC 5280 §4.2.2.1
 */

import { openSequence } from '../../formats/der/structure-reader.ts';
import { objectIdentifier, sequence } from '../../formats/der/writer.ts';
import { accessMethodOid } from '../../formats/oids.ts';
import { encodeGeneralName } from '../names/general-name-encoding.ts';

/** URIs; at least one of the lists has one. */
export interface AuthorityInfoAccess {
  /** OCSP responders (RFC 6960 §3.1). */
  readonly ocsp: readonly string[];
  /** Where the certificate of the CA is. */
  readonly caIssuers: readonly string[];
}

export const encodeAuthorityInfoAccess = ({ ocsp, caIssuers }: AuthorityInfoAccess): Uint8Array =>
  sequence(
    ...ocsp.map((uri) => accessDescription(OCSP, uri)),
    ...caIssuers.map((uri) => accessDescription(CA_ISSUERS, uri)),
  );

const OCSP = objectIdentifier(accessMethodOid.ocsp);
const CA_ISSUERS = objectIdentifier(accessMethodOid.caIssuers);

const accessDescription = (method: Uint8Array, uri: string): Uint8Array =>
  sequence(method, encodeGeneralName({ kind: 'URI', value: uri }));

/** Returns the access methods, dotted OIDs. Throws PkiError for another structure. */
export function readAccessMethods(value: Uint8Array): string[] {
  const list = openSequence(value, { name: 'AuthorityInfoAccessSyntax', code: 'invalid-extension' });
  const methods: string[] = [];
  do {
    const description = list.structure('AccessDescription');
    methods.push(description.oid('accessMethod'));
    description.element('accessLocation');
    description.end();
  } while (list.hasMore);
  return methods;
}
