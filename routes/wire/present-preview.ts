/** Previews of certificates as JSON members (`preview.ts`). */

import { rfc3339 } from '../../src/base/clock.ts';
import type { Preview } from '../../src/ca/preview.ts';
import { extensionOid } from '../../src/formats/oids.ts';
import { presentFindings } from './findings.ts';
import { presentTransport } from './size-warnings.ts';
import { presentContent, presentSizes } from './present-description.ts';

const KEY_IDENTIFIERS: ReadonlySet<string> = new Set([
  extensionOid.subjectKeyIdentifier,
  extensionOid.authorityKeyIdentifier,
]);

/** Absent members are left out. The hashes of a key that does not exist yet are left out too. */
export function presentPreview({ description, encoded, isKeyNew, findings }: Preview) {
  const { public_key, subject_key_identifier, authority_key_identifier, ...content } =
    presentContent(description);
  const transport = presentTransport(description.sizes, [encoded]);
  // The placeholder has the algorithm of the key, but not its octets.
  const { sha256_fingerprint: _, ...placeholder } = public_key;
  return withoutAbsent({
    ...content,
    issuer: description.issuer,
    not_before: rfc3339(description.notBefore),
    not_after: rfc3339(description.notAfter),
    self_issued: description.isSelfIssued,
    public_key: withoutAbsent(isKeyNew ? placeholder : public_key),
    ...(isKeyNew ? {} : { subject_key_identifier, authority_key_identifier }),
    extensions: description.extensions.map((extension) => ({
      ...extension,
      value: isKeyNew && KEY_IDENTIFIERS.has(extension.oid) ? [] : [...extension.value],
    })),
    sizes: { ...transport.sizes, ...presentSizes(description) },
    warnings: transport.warnings,
    findings: presentFindings(findings),
  });
}

export const presentDryRun = (preview: Preview) => ({ dry_run: true, ...presentPreview(preview) });

type Present<T> = { [Name in keyof T]: Exclude<T[Name], undefined> };

/** A reply is written member by member, and JSON has no undefined. */
const withoutAbsent = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
