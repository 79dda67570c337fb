/**
 * AuthorityInfoAccessSyntax and SubjectInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
 * AccessDescription ::= SEQUENCE {
 *      accessMethod          OBJECT IDENTIFIER,
 *      accessLocation        GeneralName }             -- RFC 5280 §4.2.2
 */

import type { Der } from '../../formats/der/header.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { objectIdentifier, sequence } from '../../formats/der/writer.ts';
import { accessMethodOid, oidName } from '../../formats/oids.ts';
import { decodeGeneralName, encodeGeneralName } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { openExtension } from './extension.ts';

export function describeInformationAccess(value: Der): string[] {
  const list = openExtension('InfoAccessSyntax', value);
  const lines: string[] = [];
  do lines.push(describeAccess(list.structure('AccessDescription')));
  while (list.hasMore);
  return lines;
}

function describeAccess(description: StructureReader): string {
  const method = oidName(description.oid('accessMethod'));
  const location = description.element('accessLocation');
  description.end();
  return `${method} ${formatGeneralName(decodeGeneralName(location))}`;
}

/** URIs; at least one of the lists is not empty. */
export interface AuthorityInformationAccess {
  /** OCSP responders (RFC 6960 §3.1). */
  readonly ocsp: readonly string[];
  /** Where the certificate of the CA is. */
  readonly caIssuers: readonly string[];
}

export const encodeAuthorityInformationAccess = ({ ocsp, caIssuers }: AuthorityInformationAccess): Der =>
  sequence(
    ...ocsp.map((uri) => encodeAccess(OCSP, uri)),
    ...caIssuers.map((uri) => encodeAccess(CA_ISSUERS, uri)),
  );

const OCSP = objectIdentifier(accessMethodOid.ocsp);
const CA_ISSUERS = objectIdentifier(accessMethodOid.caIssuers);

const encodeAccess = (method: Der, uri: string): Der =>
  sequence(method, encodeGeneralName({ kind: 'URI', value: uri }));

/** Returns the access methods, dotted OIDs. Throws PkiError invalid-extension. */
export function readAccessMethods(value: Der): string[] {
  const list = openExtension('InfoAccessSyntax', value);
  const methods: string[] = [];
  do methods.push(readMethod(list.structure('AccessDescription')));
  while (list.hasMore);
  return methods;
}

function readMethod(description: StructureReader): string {
  const method = description.oid('accessMethod');
  description.element('accessLocation');
  description.end();
  return method;
}
