import { Type } from 'typebox';
import { SPELLINGS } from '../../src/base/spelling.ts';
import { CHECK_CODES } from '../../src/verification/checks.ts';
import { LIMITS } from '../../src/verification/request.ts';
import { closedList, readingOf } from '../wire/closed-list.ts';
import { component } from '../wire/component.ts';
import { moment, text } from '../wire/description.ts';
import { EXAMPLE, VERIFICATION } from '../wire/examples.ts';
import { encoded, nullable, STRICT } from '../wire/fields.ts';
import { notes } from '../wire/notes.ts';
import { strict } from '../wire/reading.ts';
import { PURPOSES, REVOCATION_MODE_SPELLINGS, VERIFICATION_PROFILE_SPELLINGS } from '../wire/spellings.ts';

/** In characters; a body has a limit of its own. */
const MAX_TEXT = 16_777_216;
const MAX_OID_LENGTH = 128;
const MAX_HOST = 320;

const texts = (maxItems: number, description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: MAX_TEXT }), { maxItems, description });

const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }));

const policy = Type.String({ minLength: 3, maxLength: MAX_OID_LENGTH });

export const CertificateVerification = component(
  'CertificateVerification',
  Type.Object(
    {
      certificate: encoded('The certificate to verify; others that follow it are `intermediates`'),
      intermediates: Type.Optional(
        texts(
          LIMITS.certificates,
          'Certificates of CAs that are not trusted, in any order. Each text is PEM with one or more blocks, PKCS #7, or ' +
            'base64 of PEM or DER.',
        ),
      ),
      anchors: Type.Array(Type.String({ minLength: 1, maxLength: MAX_TEXT }), {
        minItems: 1,
        maxItems: LIMITS.certificates,
        description:
          'Certificates that are trusted, self-signed or not, in the same forms. Their validity, basicConstraints, keyUsage, ' +
          'extendedKeyUsage and name constraints are checked too (RFC 5937).',
      }),
      time: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 40,
          description:
            'When the certificate must be valid (RFC 3339); a fraction is cut off. Now when absent.',
          examples: ['2030-01-31T00:00:00Z'],
        }),
      ),
      purpose: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: MAX_OID_LENGTH,
          [SPELLINGS]: PURPOSES,
          description:
            'Extended key usage that every certificate of the path must allow: a name such as `serverAuth`, or a dotted ' +
            'OID; `anyExtendedKeyUsage` for no check. The keyUsage of the certificate must fit it. When absent: `serverAuth` with ' +
            `\`host\`, \`emailProtection\` with \`email\`, otherwise no check. ${readingOf(PURPOSES)}`,
          examples: ['serverAuth'],
        }),
      ),
      host: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: MAX_HOST,
          description:
            'Host name or IP address that the certificate must be for (RFC 9525). Common names are not compared.',
          examples: ['www.example.com'],
        }),
      ),
      email: Type.Optional(
        Type.String({
          minLength: 3,
          maxLength: MAX_HOST,
          description: 'Mailbox that the certificate must be for, in place of `host`.',
          examples: ['user@example.com'],
        }),
      ),
      crls: Type.Optional(
        texts(
          LIMITS.evidence,
          'CRLs, one in each text: PEM, or base64 of PEM or DER. Delta and indirect CRLs too.',
        ),
      ),
      ocsp_responses: Type.Optional(
        texts(LIMITS.evidence, 'OCSP responses, one in each text: base64 of the DER.'),
      ),
      revocation: Type.Optional(
        closedList(REVOCATION_MODE_SPELLINGS, {
          description:
            '`require`: the revocation status of every certificate below the trust anchor must be known (the default with ' +
            '`crls`). `if-available`: only of the certificates that a CRL or OCSP response is about (the default without). ' +
            '`ignore`: none is checked.',
        }),
      ),
      profile: Type.Optional(
        closedList(VERIFICATION_PROFILE_SPELLINGS, {
          default: 'rfc5280',
          description:
            '`path`: the algorithm of RFC 5280 §6 alone. `rfc5280`: also the rules of its certificate profile (§4), such as ' +
            'critical basicConstraints of a CA. `webpki`: also rules of the CA/Browser Forum for TLS servers. ' +
            'docs/verification.md lists them.',
        }),
      ),
      max_path_length: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 255,
          description:
            'How many intermediate CAs that are not self-issued may be between certificate and trust anchor.',
        }),
      ),
      initial_policies: Type.Optional(
        Type.Array(policy, {
          minItems: 1,
          maxItems: 100,
          description:
            'Certificate policies that are accepted, as dotted OIDs: user-initial-policy-set. Any policy when absent.',
          examples: [['2.23.140.1.2.1']],
        }),
      ),
      explicit_policy: flag(
        'Whether the path must be valid for one of these policies: initial-explicit-policy.',
      ),
      policy_mapping_inhibit: flag('Whether no policy may be mapped: initial-policy-mapping-inhibit.'),
      any_policy_inhibit: flag('Whether anyPolicy counts for no policy: initial-any-policy-inhibit.'),
      related_certificate: Type.Optional(
        encoded(
          'A certificate that must belong to the same end entity: one of the two has the hash of the other (RFC 9763)',
        ),
      ),
      strict,
    },
    {
      ...STRICT,
      description: 'A certificate, what is trusted, and what is expected of the path between them.',
      examples: [
        { certificate: EXAMPLE.signed.certificate, anchors: [EXAMPLE.caCertificate] },
        {
          certificate: EXAMPLE.signed.certificate,
          anchors: [EXAMPLE.caCertificate],
          host: 'www.example.com',
          crls: [EXAMPLE.crl],
          revocation: 'if-available',
          profile: 'path',
        },
      ],
    },
  ),
);

const certificate = Type.Object(
  {
    member: text('Member of the request that it comes from, such as `intermediates`.'),
    index: Type.Integer({ minimum: 0, description: 'Its position among the certificates of that member.' }),
    subject: text('OpenSSL one-line form.'),
    issuer: text('OpenSSL one-line form.'),
    serial_number: text('Capital hexadecimal.'),
    sha256_fingerprint: text('SHA-256 of the DER, capital hexadecimal with colons.'),
  },
  STRICT,
);

const code = Type.Enum(CHECK_CODES, { type: 'string', description: 'The check, for programs.' });

const failure = Type.Object(
  {
    code,
    clause: text('Clause of the standard that requires it.'),
    certificate: Type.Optional(certificate),
    detail: text('What is wrong, in words.'),
    rule: Type.Optional(text('Identifier of a rule of the profile.')),
  },
  STRICT,
);

const failures = Type.Array(failure, { description: 'Checks that fail. Empty for a valid path.' });
const path = Type.Array(certificate, { description: 'From the certificate to the trust anchor.' });

const revocation = Type.Object(
  {
    certificate,
    status: Type.Enum(['good', 'revoked', 'unknown', 'no-rev-avail'], {
      type: 'string',
      description: '`no-rev-avail`: the certificate says that there is no information (RFC 9608).',
    }),
    source: Type.Optional(text('The evidence: member and index, such as `crls/0`.')),
    revoked_at: Type.Optional(moment('When it was revoked; null for a time that cannot be read.')),
    reason: Type.Optional(text('CRLReason, such as `keyCompromise`.')),
    problems: Type.Array(Type.String(), { description: 'Why evidence was not used.' }),
  },
  STRICT,
);

const oids = (description: string) => Type.Array(Type.String(), { description });

export const VerificationResult = component(
  'VerificationResult',
  Type.Object(
    {
      valid: Type.Boolean({ description: 'Whether there is a path that passes every check.' }),
      time: Type.String({ format: 'date-time', description: 'The time that was used.' }),
      path: nullable(
        Type.Array(certificate, {
          description: 'The valid path, from the certificate to the trust anchor; null if there is none.',
        }),
      ),
      failures,
      checks: Type.Array(
        Type.Object(
          {
            code,
            clause: text('Clause of the standard that requires it.'),
            title: text('What is checked.'),
            result: Type.Enum(['passed', 'failed', 'skipped'], {
              type: 'string',
              description: '`skipped`: the request does not ask for it, or there is no path.',
            }),
          },
          STRICT,
        ),
        { description: 'Every check of the valid path, or of the one with the fewest failures.' },
      ),
      paths_tried: Type.Array(Type.Object({ certificates: path, failures }, STRICT), {
        description:
          'Every path that was checked, in this order. The last certificate of a broken one is not trusted.',
      }),
      policies: Type.Object(
        {
          required: Type.Boolean({ description: 'Whether the path must have a policy.' }),
          authority: oids('Policies that the path is valid for, as dotted OIDs (authorities-constrained).'),
          user: oids('Those that the request accepts (user-constrained).'),
        },
        STRICT,
      ),
      revocation: Type.Array(revocation, {
        description: 'Status of each certificate below the trust anchor.',
      }),
      notes,
    },
    { ...STRICT, description: 'Whether a certificate is valid, and why.', examples: [VERIFICATION] },
  ),
);

export const verifyComponents = [CertificateVerification.schema, VerificationResult.schema];

export const verifyCertificate = {
  operationId: 'verifyCertificate',
  tags: ['certificate'],
  summary: 'Verify a certificate up to a trust anchor',
  description:
    'Builds the paths from the certificate to the trust anchors, and validates them by RFC 5280 §6: signatures of every ' +
    'supported algorithm, validity, names, name constraints, policies (RFC 9618), purposes and revocation. A certificate ' +
    'that is not valid has the status 200 and `valid` false. Nothing is fetched from the network.',
  body: CertificateVerification.ref,
  response: { 200: VerificationResult.ref },
};
