import { ML_DSA } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { rfc3339 } from '../../src/base/clock.ts';
import type { IssuedCertificate } from '../../src/ca/sign-csr.ts';
import { formatOneLine } from '../../src/x509/names/name-text.ts';
import { presentIgnoredNames } from './ignored-names.ts';
import { presentNotes } from './notes.ts';
import { presentCertificate, presentCertificateSizes } from './present.ts';

type Issued = Omit<IssuedCertificate, 'notes' | 'higherCertificates'> &
  Partial<Pick<IssuedCertificate, 'higherCertificates'>> & {
    readonly notes: Parameters<typeof presentNotes>[0];
  };

/** A certificate that a CA issued, as JSON members. */
export function presentIssued(issued: Issued) {
  const { certificate, validity, keyAlgorithm } = issued;
  return {
    certificate: presentCertificate(certificate),
    chain: presentCertificate(certificate, issued.issuerCertificate, ...(issued.higherCertificates ?? [])),
    serial_number: issued.serialNumber,
    not_before: rfc3339(validity.notBefore),
    not_after: rfc3339(validity.notAfter),
    subject: formatOneLine(issued.subject),
    issuer: formatOneLine(issued.issuer),
    ...(Object.hasOwn(ML_DSA, keyAlgorithm)
      ? { security_level: keyAlgorithm }
      : { key_algorithm: keyAlgorithm }),
    ignored_extensions: issued.ignoredExtensions,
    ignored_names: presentIgnoredNames(issued.ignoredNames),
    notes: presentNotes(issued.notes),
    sizes: presentCertificateSizes(issued.sizes),
  };
}
