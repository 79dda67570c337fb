import type {
  CrlDescription,
  CrlSignature,
  EntryDescription,
  EntryPage,
} from '../../src/x509/description/crl/crl-description.ts';
import type { ExtensionDescription } from '../../src/x509/description/description.ts';
import { presentTime } from '../wire/present-description.ts';

export const presentCrl = (crl: CrlDescription) => ({
  version: crl.version,
  issuer: crl.issuer,
  this_update: presentTime(crl.thisUpdate),
  next_update: crl.nextUpdate === undefined ? null : presentTime(crl.nextUpdate),
  crl_number: crl.crlNumber,
  is_delta: crl.isDelta,
  authority_key_identifier: crl.authorityKeyIdentifier,
  signature_algorithm: crl.signatureAlgorithm,
  signature_parameters: crl.signatureParameters.length === 0 ? undefined : [...crl.signatureParameters],
  extensions: crl.extensions.map(presentExtension),
  fingerprints: crl.fingerprints,
  sizes: { crl: crl.sizes.der, signature: crl.sizes.signature },
});

const presentExtension = (extension: ExtensionDescription) => ({ ...extension, value: [...extension.value] });

export const presentEntries = ({ total, entries }: EntryPage, offset: number) => ({
  total,
  entries: entries.map(presentEntry),
  next_offset: offset + entries.length < total && entries.length > 0 ? offset + entries.length : null,
});

export const presentEntry = (entry: EntryDescription) => ({
  serial_number: entry.serialNumber,
  revoked_at: presentTime(entry.revokedAt),
  reason: entry.reason,
  extensions: entry.extensions.map(presentExtension),
});

export const presentSignature = ({ isValid, signer, message }: CrlSignature) => ({
  signature_valid: isValid,
  signed_by: signer,
  signature_message: message,
});
