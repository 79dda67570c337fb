import { Type } from 'typebox';
import { SPELLINGS } from '../../src/base/spelling.ts';
import { LIMITS } from '../../src/verification/request.ts';
import { closedList, readingOf } from '../wire/closed-list.ts';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { encoded, STRICT } from '../wire/fields.ts';
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
