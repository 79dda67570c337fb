/** The operations on profiles, for Fastify and for the OpenAPI document. */

import { Type } from 'typebox';
import { NAME_PATTERN, VERSION_TAG_PATTERN } from '../../src/base/patterns.ts';
import { STRICT } from '../wire/fields.ts';
import { problemResponses } from '../wire/problem-responses.ts';
import { ProfileDocument } from './document-schema.ts';
import { Profile, ProfileList, ProfileVersions } from './schema.ts';

const tags = ['profiles'];

const params = Type.Object({
  name: Type.String({
    pattern: NAME_PATTERN,
    maxLength: 64,
    description: 'Name of the profile: letters, digits, `.`, `_` and `-`. Upper and lower case are the same.',
  }),
});

const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 100, default: 100, description: 'The most members of a page.' }),
);

/** The largest integer of PostgreSQL. */
const MAX_VERSION = 2_147_483_647;

const versionNumber = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_VERSION, description }));

export const listProfiles = {
  operationId: 'listProfiles',
  tags,
  summary: 'List the profiles',
  description: 'The built-in profiles are on the first page, and do not count for `limit`.',
  querystring: Type.Object(
    {
      limit,
      after: Type.Optional(Type.String({ maxLength: 64, description: 'The page begins after this name.' })),
    },
    STRICT,
  ),
  response: { 200: ProfileList.ref },
};

export const readProfileSchema = {
  operationId: 'readProfileSchema',
  tags,
  summary: 'Get the JSON Schema of the document of a profile',
  response: {
    200: {
      description: 'JSON Schema, draft 2020-12.',
      content: { 'application/schema+json': { schema: Type.Object({}, { additionalProperties: true }) } },
    },
  },
};

export const readProfile = {
  operationId: 'readProfile',
  tags,
  summary: 'Show a profile',
  description: 'The ETag names the version.',
  params,
  querystring: Type.Object({ version: versionNumber('The newest version when absent.') }, STRICT),
  response: { 200: Profile.ref },
};

export const listProfileVersions = {
  operationId: 'listProfileVersions',
  tags,
  summary: 'List the versions of a profile',
  params,
  querystring: Type.Object({ limit, before: versionNumber('The page begins below this version.') }, STRICT),
  response: { 200: ProfileVersions.ref },
};

export const writeProfile = {
  operationId: 'writeProfile',
  tags,
  summary: 'Write the next version of a profile',
  description:
    'Creates the profile, or adds a version to it. No version is changed or removed: to end a profile, write a version with ' +
    '`enabled` false.',
  params,
  headers: Type.Object({
    'if-match': Type.Optional(
      Type.String({
        pattern: VERSION_TAG_PATTERN,
        maxLength: 12,
        description: 'The ETag of the version that this one replaces. Required unless the profile is new.',
        examples: ['"3"'],
      }),
    ),
  }),
  body: ProfileDocument.ref,
  response: {
    ...problemResponses({
      412: 'The profile has another version than If-Match names. Read it again.',
      428: 'The profile exists, and If-Match is missing.',
    }),
    200: Profile.ref,
    201: Profile.ref,
  },
};
