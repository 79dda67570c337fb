/** Whether the certificate is for the host, address or mailbox that the relying party expects (RFC 9525 §6). */

import { formatGeneralName } from '../../x509/names/general-name.ts';
import { formatReference, matchesReference } from '../../x509/names/reference-name.ts';
import { failure, type Failure } from '../checks.ts';
import type { Path } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';

/** Names that an error message shows. */
const SHOWN = 5;

export function identityFailures([leaf]: Path, { name: reference }: VerificationRequest): readonly Failure[] {
  if (reference === undefined) return [];
  const { names } = leaf.facts;
  if (names?.some((name) => matchesReference(reference, name)) === true) return [];
  const expected = formatReference(reference);
  if (names === undefined)
    return [failure('name', leaf, `The certificate has no subjectAltName; expected ${expected}`)];
  const shown = names.slice(0, SHOWN).map(formatGeneralName).join(', ');
  const detail = `The certificate is not for ${expected}, but for ${shown}`;
  return [failure('name', leaf, `${detail}${names.length > SHOWN ? ', …' : ''}`)];
}
