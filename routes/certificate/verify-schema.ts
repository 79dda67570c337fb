import { Type } from 'typebox';
import { CHECK_CODES } from '../../src/verification/checks.ts';
import { component } from '../wire/component.ts';
import { moment, text } from '../wire/description.ts';
import { VERIFICATION } from '../wire/examples.ts';
import { nullable, STRICT } from '../wire/fields.ts';
import { notes } from '../wire/notes.ts';
import { CertificateVerification } from './verify-request-schema.ts';

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
