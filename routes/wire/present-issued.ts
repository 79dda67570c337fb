import { rfc3339 } from '../../src/base/clock.ts';
import type { IssuedCertificate } from '../../src/ca/issued-certificate.ts';
import { formatOneLine } from '../../src/x509/names/name-text.ts';
import { presentIgnoredNames } from './ignored-names.ts';
import { presentKeyAlgorithm } from './key-algorithm.ts';
import { presentNotes } from './notes.ts';
import { presentChain } from './present.ts';
import { presentTransport } from './size-warnings.ts';

type Chain = readonly [Uint8Array, ...Uint8Array[]];

type Issued = Omit<IssuedCertificate, 'notes' | 'higherCertificates'> &
  Partial<Pick<IssuedCertificate, 'higherCertificates'>> & {
    readonly notes: Parameters<typeof presentNotes>[0];
    /** The certificate and those above it, where the reply has others than the CA that the caller sent. */
    readonly chain?: Chain;
  };

/** The certificate and those above it, DER. */
export const chainOf = ({ certificate, issuerCertificate, higherCertificates = [], chain }: Issued): Chain =>
  chain ?? [certificate, issuerCertificate, ...higherCertificates];

/** A certificate that a CA issued, as JSON members. */
export function presentIssued(issued: Issued) {
  const { validity, keyAlgorithm } = issued;
  const chain = chainOf(issued);
  return {
    ...presentChain(chain),
    serial_number: issued.serialNumber,
    not_before: rfc3339(validity.notBefore),
    not_after: rfc3339(validity.notAfter),
    subject: formatOneLine(issued.subject),
    issuer: formatOneLine(issued.issuer),
    ...presentKeyAlgorithm(keyAlgorithm),
    ignored_extensions: issued.ignoredExtensions,
    ignored_names: presentIgnoredNames(issued.ignoredNames),
    notes: presentNotes(issued.notes),
    ...presentTransport(issued.sizes, chain),
  };
}
