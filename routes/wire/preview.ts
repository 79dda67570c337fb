/** Schemas of the replies to a dry run (`present-preview.ts`). */

import { Type } from 'typebox';
import { component } from './component.ts';
import {
  describedExtensions,
  describedSizes,
  octets,
  summary,
  text,
  keyMembers,
  signatureParameters,
} from './description.ts';
import { CERTIFICATE_PREVIEW } from './examples.ts';
import { findings } from './findings.ts';
import { instant, STRICT } from './fields.ts';
import { ignoredNames } from './ignored-names.ts';
import { notes } from './notes.ts';
import { warnings } from './size-warnings.ts';

const dryRun = Type.Literal(true, { description: 'Says that nothing was issued.' });

const previewMembers = {
  version: Type.Integer({ description: 'X.509 version: 3 for v3.' }),
  subject: text('OpenSSL one-line form.'),
  issuer: text('OpenSSL one-line form.'),
  not_before: instant('Start of validity.'),
  not_after: instant('Last second of validity.'),
  self_issued: Type.Boolean({ description: 'Whether issuer and subject are the same name.' }),
  signature_algorithm: text('Algorithm of the signature.'),
  signature_parameters: signatureParameters,
  public_key: Type.Object(
    {
      ...keyMembers,
      sha256_fingerprint: Type.Optional(
        text('SHA-256 of the SubjectPublicKeyInfo; absent for a key that would be generated.'),
      ),
    },
    STRICT,
  ),
  ...summary,
  extensions: describedExtensions(
    'All extensions, in the order of the certificate. Those with the identifier of a key that would be generated have no value.',
  ),
  sizes: Type.Object(
    {
      certificate: octets('Length of the DER'),
      ...describedSizes,
      chain: octets('Length of the DER; a chain has other certificates too'),
      url_encoded_pem: octets('Length of the percent-encoded PEM text, about'),
    },
    {
      ...STRICT,
      description: 'Sizes of the certificate. An ECDSA signature can be a few octets shorter than shown.',
    },
  ),
  warnings,
  findings: findings('What the linter says of the content; usually nothing.'),
};

export const CertificatePreview = component(
  'CertificatePreview',
  Type.Object(
    {
      dry_run: dryRun,
      ...previewMembers,
      ignored_names: Type.Optional(ignoredNames),
      notes: Type.Optional(notes),
    },
    {
      ...STRICT,
      description:
        'What a certificate would contain: the members of certificate/inspect without those that depend on the signature.',
      examples: [{ dry_run: true, ...CERTIFICATE_PREVIEW }],
    },
  ),
);

const half = Type.Object(previewMembers, STRICT);

export const HybridPairPreview = component(
  'HybridPairPreview',
  Type.Object(
    { dry_run: dryRun, ml_dsa: half, classical: half },
    {
      ...STRICT,
      description: 'What both certificates of a hybrid pair would contain.',
      examples: [{ dry_run: true, ml_dsa: CERTIFICATE_PREVIEW, classical: CERTIFICATE_PREVIEW }],
    },
  ),
);
