import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { instant, STRICT } from '../wire/fields.ts';
import { EXAMPLE_PROFILE, ProfileDocument } from './document-schema.ts';

const effective = Type.Object(
  {
    is_ca: Type.Boolean({ description: 'Whether the certificate may sign other certificates.' }),
    key_usage: Type.Array(Type.String(), { description: 'Bits of keyUsage.' }),
    extended_key_usage: Type.Array(Type.String(), {
      description: 'Purposes of extendedKeyUsage; no extension when empty.',
    }),
    validity: Type.Object(
      {
        default: Type.String({ description: 'Duration of ISO 8601.' }),
        maximum: Type.String({ description: 'Duration of ISO 8601.' }),
      },
      STRICT,
    ),
  },
  {
    ...STRICT,
    description: 'What a certificate gets, after the built-in profile and the presets were applied.',
  },
);

const members = {
  name: Type.String({ description: 'The name that selects the profile.' }),
  version: Type.Integer({ minimum: 1, description: '1 at first; each write adds 1.' }),
  built_in: Type.Boolean({
    description: 'Whether the profile is part of the service and cannot be changed.',
  }),
  enabled: Type.Boolean({ description: 'Whether certificates can be issued with it.' }),
  effective,
  document: Type.Optional(ProfileDocument.ref),
  created_at: Type.Optional(instant('When the version was written.')),
  created_by: Type.Optional(Type.String({ description: 'Id of the principal that wrote the version.' })),
};

const EXAMPLE_SHOWN = Object.freeze({
  name: 'web',
  version: 3,
  built_in: false,
  enabled: true,
  effective: {
    is_ca: false,
    key_usage: ['digitalSignature'],
    extended_key_usage: ['serverAuth'],
    validity: { default: 'P30D', maximum: 'P90D' },
  },
  document: EXAMPLE_PROFILE,
  created_at: '2027-01-01T12:00:00Z',
  created_by: 'platform',
});

export const Profile = component(
  'Profile',
  Type.Object(members, {
    ...STRICT,
    description: 'A version of a profile. A built-in profile has no document.',
    examples: [EXAMPLE_SHOWN],
  }),
);

export const ProfileList = component(
  'ProfileList',
  Type.Object(
    {
      profiles: Type.Array(Profile.ref),
      next: Type.Optional(
        Type.String({ description: 'Value of `after` for the next page; absent on the last one.' }),
      ),
    },
    {
      ...STRICT,
      description: 'The built-in profiles, then the newest version of each stored profile by name.',
      examples: [{ profiles: [EXAMPLE_SHOWN] }],
    },
  ),
);

export const ProfileVersions = component(
  'ProfileVersions',
  Type.Object(
    {
      versions: Type.Array(Profile.ref),
      next: Type.Optional(
        Type.Integer({ description: 'Value of `before` for the next page; absent on the last one.' }),
      ),
    },
    {
      ...STRICT,
      description: 'Versions of a profile, the newest first.',
      examples: [{ versions: [EXAMPLE_SHOWN] }],
    },
  ),
);

export const components = [
  ProfileDocument.schema,
  Profile.schema,
  ProfileList.schema,
  ProfileVersions.schema,
];
