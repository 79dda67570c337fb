import { PkiError } from '../base/errors.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { spiffeIdFault } from '../x509/names/spiffe-id.ts';
import { quoted } from '../x509/names/printable-text.ts';
import type { Profile } from './profile.ts';

/** Throws PkiError invalid-san at `subjectAltNames` unless the names fit the profile. */
export function checkProfileNames({ names: rule }: Profile, names: readonly GeneralName[]): void {
  if (rule === 'any') return;
  const uris = names.filter(({ kind }) => kind === 'URI');
  const [id] = uris;
  // X509-SVID §2: exactly one URI; names of other kinds are allowed
  if (id?.kind !== 'URI' || uris.length > 1)
    throw invalid(
      `An X.509-SVID must have exactly one URI, its SPIFFE ID, not ${uris.length}; an example is URI:spiffe://example.org/service`,
    );
  const fault = spiffeIdFault(id.value);
  if (fault !== undefined) throw invalid(`The SPIFFE ID ${quoted(id.value)} ${fault}`);
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-san', sentence, ['subjectAltNames']);
