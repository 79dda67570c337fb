import { Type } from 'typebox';
import { certificateOptions } from '../wire/certificate-options.ts';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { notes } from '../wire/notes.ts';
import { strict } from '../wire/reading.ts';
import { nullable, encoded, instant, password, secret, STRICT, subject } from '../wire/fields.ts';
import {
  allowedNames,
  allowedProfileNames,
  authorityDays,
  authorityMembers,
  authorityName,
  crlShards,
  keyAlgorithm,
} from './members.ts';

const { path_length, name_constraints, extended_key_usage, extensions, validity, not_before, not_after } =
  certificateOptions;

/** What the certificate of an authority can contain. */
const contentMembers = {
  days: authorityDays,
  validity,
  not_before,
  not_after,
  path_length,
  name_constraints,
  extended_key_usage,
  extensions,
};

const signedElsewhere = Type.Optional(
  Type.Boolean({
    description:
      'Whether a CA elsewhere signs the certificate, such as an offline root. The reply has its CSR, and the authority is ' +
      '`pending` until its certificate is imported.',
    examples: [true],
  }),
);

const parent = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 64,
    description:
      'Id or name of the authority that signs the certificate. Without it the authority is a root.',
    examples: ['root-1'],
  }),
);

export const AuthorityRequest = component(
  'AuthorityRequest',
  Type.Object(
    {
      name: authorityName,
      subject,
      key_algorithm: keyAlgorithm('Algorithm of the new key. `ml-dsa-65` when absent.'),
      parent,
      signed_elsewhere: signedElsewhere,
      profiles: allowedProfileNames,
      crl_shards: crlShards,
      ...contentMembers,
    },
    {
      ...STRICT,
      description:
        'A new authority: a root, an intermediate below `parent`, or one that is signed elsewhere.',
      examples: [
        { name: 'root-1', subject: '/CN=Example Root CA/O=Example Org', key_algorithm: 'ml-dsa-87' },
        {
          name: 'issuing-1',
          subject: '/CN=Example Issuing CA/O=Example Org',
          parent: 'root-1',
          path_length: 0,
          name_constraints: { permitted: ['DNS:example.com'] },
        },
      ],
    },
  ),
);

/** As in `certificate`, where these can be too. */
const chain = Type.Optional(
  encoded(
    'CA certificates above, in any order: PEM text with one or more certificates, or PKCS #7. A root needs none',
  ),
);

export const AuthorityImport = component(
  'AuthorityImport',
  Type.Object(
    {
      name: authorityName,
      certificate: encoded('The CA certificate'),
      chain,
      private_key: secret('The private key of the CA (PKCS #8, or another form that keys/convert reads)'),
      private_key_password: password('`private_key`, when it is encrypted'),
      profiles: allowedProfileNames,
      strict,
    },
    {
      ...STRICT,
      description: 'A CA that exists. The service seals its private key and never returns it.',
      examples: [
        { name: 'imported-1', certificate: EXAMPLE.caCertificate, private_key: EXAMPLE.caPrivateKey },
      ],
    },
  ),
);

export const AllowedProfiles = component(
  'AllowedProfiles',
  Type.Object(
    { profiles: nullable(allowedNames) },
    {
      ...STRICT,
      description: 'The profiles by which an authority issues; by every profile when `profiles` is null.',
      examples: [{ profiles: ['tls-server', 'tls-client'] }],
    },
  ),
);

export const AuthorityCertificateImport = component(
  'AuthorityCertificateImport',
  Type.Object(
    {
      certificate: encoded('The CA certificate for the CSR of the authority'),
      chain,
      strict,
    },
    {
      ...STRICT,
      description: 'The certificate that a CA elsewhere signed.',
      examples: [{ certificate: EXAMPLE.caCertificate, chain: EXAMPLE.caCertificate }],
    },
  ),
);

export const AuthorityRotation = component(
  'AuthorityRotation',
  Type.Object(
    {
      key_algorithm: keyAlgorithm('Algorithm of the new key. That of the present key when absent.'),
      signed_elsewhere: signedElsewhere,
      ...contentMembers,
    },
    {
      ...STRICT,
      description:
        'The certificate of the new key. It has the subject of the present one, and its path length unless `path_length` is ' +
        'given. The parent of the authority signs it; a root signs itself.',
      examples: [{ key_algorithm: 'ml-dsa-87', days: 1825 }],
    },
  ),
);

const EXAMPLE_AUTHORITY = Object.freeze({
  id: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77',
  name: 'root-1',
  status: 'enabled',
  created_at: '2027-01-01T12:00:00Z',
  keys: [
    {
      id: '0f6a1f53-5a3e-4f3b-8f43-6f0f5f4c2d11',
      generation: 1,
      state: 'active',
      key_algorithm: 'ml-dsa-65',
      created_at: '2027-01-01T12:00:00Z',
      certificate: EXAMPLE.caCertificate,
    },
  ],
});

export const Authority = component(
  'Authority',
  Type.Object(
    { ...authorityMembers, notes: Type.Optional(notes) },
    {
      ...STRICT,
      description: 'A stored authority. Its private keys are never in a reply.',
      examples: [EXAMPLE_AUTHORITY],
    },
  ),
);

export const AuthorityList = component(
  'AuthorityList',
  Type.Object(
    {
      authorities: Type.Array(Type.Object(authorityMembers, STRICT)),
      next: Type.Optional(
        Type.String({ description: 'Value of `after` for the next page; absent on the last one.' }),
      ),
    },
    { ...STRICT, description: 'Authorities by name.', examples: [{ authorities: [EXAMPLE_AUTHORITY] }] },
  ),
);

const reservation = Type.Object(
  {
    id: Type.String({ description: 'Id that the certificate would have.' }),
    serial_number: Type.String({ description: 'Capital hexadecimal.' }),
    requested_at: instant('When the serial number was reserved.'),
    principal: Type.String({ description: 'Id of the caller.' }),
    profile: Type.String({ description: 'Name of the profile.' }),
  },
  STRICT,
);

export const ReservationList = component(
  'ReservationList',
  Type.Object(
    { reservations: Type.Array(reservation) },
    {
      ...STRICT,
      description:
        'Serial numbers that are reserved for certificates that are not stored: being issued now, or left by a process that ended.',
      examples: [{ reservations: [] }],
    },
  ),
);

export const components = [
  AuthorityRequest.schema,
  AuthorityImport.schema,
  AllowedProfiles.schema,
  AuthorityCertificateImport.schema,
  AuthorityRotation.schema,
  Authority.schema,
  AuthorityList.schema,
  ReservationList.schema,
];
