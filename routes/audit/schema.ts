/** The audit chain, for Fastify and for the OpenAPI document. */

import { Type } from 'typebox';
import { OUTCOMES } from '../../src/ca/use-case.ts';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { instant, pem, STRICT } from '../wire/fields.ts';
import { next, pageQuery } from '../wire/page.ts';
import { moment } from '../wire/query.ts';

const sequence = Type.Integer({ minimum: 0, description: '1 for the first record, then without a gap.' });
const hash = (description: string) => Type.String({ description: `${description} 64 hexadecimal digits.` });

const recordMembers = {
  sequence,
  at: instant('When it happened, with milliseconds.'),
  action: Type.String({ description: 'What happened, such as `certificate/issue`.' }),
  outcome: Type.Enum(OUTCOMES, { type: 'string', description: 'How it ended.' }),
  principal: Type.String({ description: 'Id of the caller; `service` for what the service does by itself.' }),
  details: Type.Object({}, { additionalProperties: true, description: 'Public facts.' }),
  previous_hash: hash('Hash of the record before; zeros for the first.'),
  hash: hash('SHA-256 of the previous hash and of the canonical JSON (RFC 8785) of the other members.'),
};

const DIGITS = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const EXAMPLE_RECORD = Object.freeze({
  sequence: 7,
  at: '2027-01-01T12:00:00.250Z',
  action: 'certificate/issue',
  outcome: 'success',
  principal: 'key:web-team',
  details: { authority: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77', profile: 'tls-server' },
  previous_hash: DIGITS,
  hash: `${DIGITS.slice(32)}${DIGITS.slice(0, 32)}`,
});

/** A record of the audit chain. */
export const auditRecord = Type.Object(recordMembers, STRICT);

export const AuditList = component(
  'AuditList',
  Type.Object(
    { records: Type.Array(auditRecord), next },
    {
      ...STRICT,
      description: 'A page of audit records.',
      examples: [{ records: [EXAMPLE_RECORD], next: null }],
    },
  ),
);

export const AuditHead = component(
  'AuditHead',
  Type.Object(
    { sequence, hash: hash('Hash of the last record; zeros for an empty chain.') },
    { ...STRICT, description: 'The last record of the chain.', examples: [{ sequence: 7, hash: DIGITS }] },
  ),
);

const EXAMPLE_CHECKPOINT = Object.freeze({
  sequence: 7,
  hash: DIGITS,
  created_at: '2027-01-01T13:00:00.000Z',
  statement: `{"at":"2027-01-01T13:00:00.000Z","hash":"${DIGITS}","key":"${DIGITS}","sequence":7,"type":"ml-dsa-certificate-api/audit-checkpoint/v1"}`,
  signature: 'MDEyMzQ1Njc4OQ==',
});

const checkpointMembers = {
  sequence,
  hash: hash('Hash of the record.'),
  created_at: instant('When it was signed, with milliseconds.'),
  statement: Type.String({ description: 'The signed text: canonical JSON with the members above.' }),
  signature: Type.String({ description: 'base64 of the ML-DSA signature over the text in UTF-8.' }),
};

export const AuditCheckpoint = component(
  'AuditCheckpoint',
  Type.Object(checkpointMembers, {
    ...STRICT,
    description: 'A signed statement about one record, and so about all records before it.',
    examples: [EXAMPLE_CHECKPOINT],
  }),
);

export const AuditCheckpointList = component(
  'AuditCheckpointList',
  Type.Object(
    { checkpoints: Type.Array(Type.Object(checkpointMembers, STRICT)) },
    { ...STRICT, description: 'Checkpoints.', examples: [{ checkpoints: [EXAMPLE_CHECKPOINT] }] },
  ),
);

export const AuditKey = component(
  'AuditKey',
  Type.Object(
    {
      key_id: Type.String({ description: 'SHA-256 of the SubjectPublicKeyInfo, hexadecimal.' }),
      key_algorithm: Type.String({ description: 'Algorithm of the key.' }),
      public_key: pem('the public key'),
    },
    {
      ...STRICT,
      description: 'The key that signs checkpoints, and nothing else.',
      examples: [{ key_id: DIGITS, key_algorithm: 'ml-dsa-65', public_key: EXAMPLE.keys.public_key }],
    },
  ),
);

const tags = ['audit'];

export const listAudit = {
  operationId: 'listAuditRecords',
  tags,
  summary: 'Search the audit records',
  description: 'The newest first.',
  querystring: Type.Object(
    {
      action: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'What happened.' })),
      outcome: Type.Optional(Type.Enum(OUTCOMES, { type: 'string', description: 'How it ended.' })),
      principal: Type.Optional(
        Type.String({ minLength: 1, maxLength: 512, description: 'Id of the caller.' }),
      ),
      authority: Type.Optional(
        Type.String({ minLength: 1, maxLength: 64, description: 'Id or name of the authority.' }),
      ),
      from: moment('Happened at this time or later.'),
      to: moment('Happened before this time.'),
      ...pageQuery,
    },
    STRICT,
  ),
  response: { 200: AuditList.ref },
};

export const readAuditHead = {
  operationId: 'readAuditHead',
  tags,
  summary: 'Get the last record of the audit chain',
  response: { 200: AuditHead.ref },
};

export const listCheckpoints = {
  operationId: 'listAuditCheckpoints',
  tags,
  summary: 'List checkpoints of the audit chain',
  description: 'In the order of the chain.',
  querystring: Type.Object(
    {
      after: Type.Optional(
        Type.Integer({ minimum: 0, default: 0, description: 'The page begins after this sequence.' }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 100, description: 'At most.' })),
    },
    STRICT,
  ),
  response: { 200: AuditCheckpointList.ref },
};

export const makeCheckpoint = {
  operationId: 'makeAuditCheckpoint',
  tags,
  summary: 'Sign a checkpoint of the last record now',
  description: 'Returns the checkpoint of the last record, which is a new one unless it has one.',
  response: { 200: AuditCheckpoint.ref },
};

export const readAuditKey = {
  operationId: 'readAuditKey',
  tags,
  summary: 'Get the public key that verifies checkpoints',
  description: 'It is made with the first checkpoint, and never changes.',
  response: { 200: AuditKey.ref },
};

export const components = [
  AuditList.schema,
  AuditHead.schema,
  AuditCheckpoint.schema,
  AuditCheckpointList.schema,
  AuditKey.schema,
];
