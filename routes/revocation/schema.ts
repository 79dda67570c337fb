/** Revocation, for Fastify and for the OpenAPI document. */

import { Type } from 'typebox';
import { REASON_NAMES } from '../../src/revocation/reasons.ts';
import { authorityPath } from '../authorities/members.ts';
import { closedList } from '../wire/closed-list.ts';
import { component } from '../wire/component.ts';
import { encoded, instant, STRICT } from '../wire/fields.ts';
import { REVOCATION_REASON_SPELLINGS } from '../wire/spellings.ts';
import { EXAMPLE_REVOCATION } from './example.ts';

const reason = closedList(REVOCATION_REASON_SPELLINGS, {
  description:
    'Why (RFC 5280 §5.3.1). `certificateHold` can be released, every other reason is final. `cACompromise` is for the ' +
    'certificate of a CA.',
  examples: ['keyCompromise'],
});

const invalidityDate = Type.Optional(
  Type.String({
    format: 'date-time',
    maxLength: 40,
    description:
      'Since when the key may have been compromised (RFC 5280 §5.3.2). RFC 3339 with whole seconds, in the past.',
    examples: ['2027-01-31T00:00:00Z'],
  }),
);

export const RevocationRequest = component(
  'RevocationRequest',
  Type.Object(
    { reason, invalidity_date: invalidityDate },
    { ...STRICT, description: 'A revocation.', examples: [{ reason: 'keyCompromise' }] },
  ),
);

const reference = {
  serial: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Serial number of the certificate. Hexadecimal, with or without colons.',
      examples: ['0A:1B:2C'],
    }),
  ),
  certificate: Type.Optional(encoded('The certificate, instead of its serial number')),
};

export const ReferringRevocationRequest = component(
  'ReferringRevocationRequest',
  Type.Object(
    { ...reference, reason, invalidity_date: invalidityDate },
    {
      ...STRICT,
      description: 'A revocation of a certificate by its serial number or by itself.',
      examples: [{ serial: EXAMPLE_REVOCATION.serial_number, reason: 'superseded' }],
    },
  ),
);

const authorities = (description: string) =>
  Type.Array(
    Type.Object(
      {
        id: Type.String({ description: 'Id of the authority.' }),
        name: Type.String({ description: 'Name of the authority.' }),
      },
      STRICT,
    ),
    { description },
  );

const below = authorities(
  'Authorities below the disabled ones. They are not changed, but relying parties do not trust what they issue.',
);

const revocationMembers = {
  id: Type.String({ description: 'Id of the certificate, or of the reservation of its serial number.' }),
  authority_id: Type.String({ description: 'Id of the authority that issued it.' }),
  authority_key_id: Type.String({ description: 'Id of the key whose CRL lists it.' }),
  serial_number: Type.String({ description: 'Capital hexadecimal.' }),
  status: Type.Enum(['revoked', 'held', 'released'], {
    type: 'string',
    description: '`held`: it is on hold, and can be released.',
  }),
  reason: Type.Optional(
    Type.Enum(REASON_NAMES, { type: 'string', description: 'Absent for one that is released.' }),
  ),
  revoked_at: Type.Optional(
    instant('When it was revoked. For a hold that became final, when it was put on hold.'),
  ),
  invalidity_date: Type.Optional(instant('Since when the key may have been compromised.')),
  not_after: Type.Optional(
    instant('End of the validity. Absent for a serial number that never got a certificate.'),
  ),
  disabled_authorities: authorities(
    'Authorities of this service that have the certificate: they issue no more.',
  ),
  authorities_below: below,
};

export const Revocation = component(
  'Revocation',
  Type.Object(revocationMembers, {
    ...STRICT,
    description: 'What is stored about a certificate that was revoked, put on hold or released.',
    examples: [EXAMPLE_REVOCATION],
  }),
);

export const AuthorityRevocation = component(
  'AuthorityRevocation',
  Type.Object(
    {
      authority_id: Type.String({ description: 'Id of the authority, which is disabled.' }),
      name: Type.String({ description: 'Name of the authority.' }),
      revocation: Type.Optional(Revocation.ref),
      published: Type.Enum(['by-parent', 'ocsp-only', 'elsewhere', 'self-signed'], {
        type: 'string',
        description:
          '`by-parent`: the CRL of its parent lists the certificate. `ocsp-only`: the parent has no cRLSign and so no CRL; ' +
          'only OCSP responses say it. `elsewhere`: the CA that signed it must revoke it. ' +
          '`self-signed`: no CRL can revoke a root; relying parties must remove it from their trust anchors.',
      }),
      authorities_below: below,
    },
    {
      ...STRICT,
      description: 'An authority whose certificate is not trusted any more.',
      examples: [
        {
          authority_id: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77',
          name: 'root-1',
          published: 'self-signed',
          authorities_below: [],
        },
      ],
    },
  ),
);

export const components = [
  RevocationRequest.schema,
  ReferringRevocationRequest.schema,
  Revocation.schema,
  AuthorityRevocation.schema,
];

const OWN =
  'A principal may revoke what it requested; with the scope `certs:revoke` it may revoke every certificate. The reply is the ' +
  'same for a certificate that the caller may not revoke and for one that does not exist.';

const AGAIN = 'The same request again changes nothing and returns what is stored.';

const byId = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the certificate.' }),
});

export const revokeCertificate = {
  operationId: 'revokeCertificate',
  tags: ['certificates'],
  summary: 'Revoke a certificate, or put it on hold',
  description: `${AGAIN} A final revocation is never changed. ${OWN}`,
  params: byId,
  body: RevocationRequest.ref,
  response: { 200: Revocation.ref },
};

export const releaseCertificate = {
  operationId: 'releaseCertificate',
  tags: ['certificates'],
  summary: 'Release a certificate that is on hold',
  description:
    'It is valid again, and leaves the next CRL. An authority that was disabled stays disabled. Without the scope ' +
    `\`certs:revoke\` a principal can end only the holds that it placed itself. ${OWN}`,
  params: byId,
  response: { 200: Revocation.ref },
};

export const revokeIssued = {
  operationId: 'revokeIssuedCertificate',
  tags: ['certificates'],
  summary: 'Revoke a certificate of an authority by its serial number or by itself',
  description: `A serial number can be revoked as soon as it is reserved. ${AGAIN} ${OWN}`,
  params: authorityPath,
  body: ReferringRevocationRequest.ref,
  response: { 200: Revocation.ref },
};

export const revokeAuthority = {
  operationId: 'revokeAuthority',
  tags: ['authorities'],
  summary: 'Revoke the certificate with which an authority signs',
  description:
    'The authority is disabled at once. If its parent is an authority of this service, its certificate is revoked there. ' +
    'A root is only disabled, because no CRL can revoke it.',
  params: authorityPath,
  body: RevocationRequest.ref,
  response: { 200: AuthorityRevocation.ref },
};
