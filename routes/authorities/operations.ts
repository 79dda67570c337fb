/** The operations on authorities, for Fastify and for the OpenAPI document. */

import { Type } from 'typebox';
import { STRICT } from '../wire/fields.ts';
import { idempotencyHeaders } from '../wire/idempotency-key.ts';
import { authorityPath, page } from './members.ts';
import {
  AllowedProfiles,
  Authority,
  AuthorityCertificateImport,
  AuthorityImport,
  AuthorityList,
  AuthorityRequest,
  AuthorityRotation,
  ReservationList,
} from './schema.ts';

const tags = ['authorities'];
const params = authorityPath;

export const createAuthority = {
  operationId: 'createAuthority',
  tags,
  summary: 'Create a root or an intermediate',
  description:
    'The service makes the key and keeps it sealed. The reply has the certificate, or a CSR for another CA.',
  headers: idempotencyHeaders,
  body: AuthorityRequest.ref,
  response: { 201: Authority.ref },
};

export const importAuthority = {
  operationId: 'importAuthority',
  tags,
  summary: 'Import a CA with its private key',
  body: AuthorityImport.ref,
  response: { 201: Authority.ref },
};

export const listAuthorities = {
  operationId: 'listAuthorities',
  tags,
  summary: 'List the authorities',
  querystring: Type.Object(
    {
      ...page,
      after: Type.Optional(Type.String({ maxLength: 64, description: 'The page begins after this name.' })),
    },
    STRICT,
  ),
  response: { 200: AuthorityList.ref },
};

export const readAuthority = {
  operationId: 'readAuthority',
  tags,
  summary: 'Show an authority',
  params,
  response: { 200: Authority.ref },
};

const fileOf = (operationId: string, summary: string) => ({
  operationId,
  tags,
  summary,
  description: 'JSON, PEM or DER, as the Accept header field prefers. A chain has no DER form.',
  params,
  response: { 200: Authority.ref },
});

export const readAuthorityCertificate = fileOf(
  'readAuthorityCertificate',
  'Get the certificate of an authority',
);
export const readAuthorityChain = fileOf(
  'readAuthorityChain',
  'Get the certificate of an authority with those above it',
);

export const importAuthorityCertificate = {
  operationId: 'importAuthorityCertificate',
  tags,
  summary: 'Import the certificate that a CA elsewhere signed',
  params,
  body: AuthorityCertificateImport.ref,
  response: { 200: Authority.ref },
};

export const allowAuthorityProfiles = {
  operationId: 'allowAuthorityProfiles',
  tags,
  summary: 'Choose the profiles by which an authority issues',
  description: 'A certificate of another profile is refused. Certificates that exist are not changed.',
  params,
  body: AllowedProfiles.ref,
  response: { 200: Authority.ref },
};

export const rotateAuthority = {
  operationId: 'rotateAuthority',
  tags,
  summary: 'Give an authority a new key under the same name',
  description: 'The new key signs from now on. The old key remains for CRLs of what it issued.',
  params,
  body: AuthorityRotation.ref,
  response: { 200: Authority.ref },
};

const statusChange = (operationId: string, summary: string) => ({
  operationId,
  tags,
  summary,
  params,
  response: { 200: Authority.ref },
});

export const enableAuthority = statusChange('enableAuthority', 'Let an authority issue again');
export const disableAuthority = statusChange('disableAuthority', 'Stop an authority from issuing');

export const listReservations = {
  operationId: 'listReservations',
  tags,
  summary: 'List the serial numbers that are reserved',
  params,
  response: { 200: ReservationList.ref },
};
