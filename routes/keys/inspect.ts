import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { KeyInspection } from '../../src/identify/keys/inspection.ts';
import { inspectKey } from '../../src/identify/keys/key-inspection.ts';
import { clauseOf, type KeyCheck } from '../../src/identify/keys/key-checks.ts';
import type { KeyIdentifiers } from '../../src/identify/keys/key-identifiers.ts';
import { INSPECTING_KEYS } from '../wire/cost.ts';
import { atKeyMember } from '../wire/decode.ts';
import { presentNotes } from '../wire/notes.ts';
import { presentPem } from '../wire/present.ts';
import { inspectionOf } from '../wire/reading.ts';
import { inspectComponents, inspectKey as schema } from './inspect-schema.ts';

export const inspect: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const component of inspectComponents) app.addSchema(component);

  app.post('/inspect', { schema, config: INSPECTING_KEYS }, async ({ body }) => {
    const reading = inspectionOf(app.config, body);
    const options = { password: body.password, algorithm: body.key_algorithm };
    const inspection = await inspectKey(app.keys, body.key, options, reading.at('key')).catch(
      (error: unknown) => {
        throw atKeyMember(error, 'key', 'password');
      },
    );
    app.collectKeys();
    return { ...presentInspection(inspection), notes: presentNotes(reading.notes) };
  });

  done();
};

const presentInspection = (key: KeyInspection) => ({
  type: key.isPrivate ? ('private-key' as const) : ('public-key' as const),
  form: key.form,
  version: key.version,
  algorithm: key.algorithm,
  oid: key.oid,
  key_format: key.keyFormat,
  valid: key.isValid,
  checks: key.checks.map((check) => presentCheck(check, key.algorithm)),
  published: key.isPublished,
  public_key: key.publicKey && presentPem('PUBLIC KEY', key.publicKey).text,
  key_identifiers: key.identifiers && presentIdentifiers(key.identifiers),
  sizes: {
    pkcs8: key.sizes.pkcs8,
    private_key: key.sizes.privateKey,
    public_key: key.sizes.publicKey,
    spki: key.sizes.spki,
  },
});

const presentCheck = ({ check, passed, message, offset }: KeyCheck, algorithm: string | undefined) => ({
  check,
  clause: clauseOf(check, algorithm),
  passed,
  message,
  offset,
});

const presentIdentifiers = (identifiers: KeyIdentifiers) => ({
  rfc7093_method_1: identifiers.rfc7093Method1,
  rfc7093_method_2: identifiers.rfc7093Method2,
  rfc7093_method_3: identifiers.rfc7093Method3,
  rfc7093_method_4: identifiers.rfc7093Method4,
  rfc5280_method_1: identifiers.rfc5280Method1,
  rfc5280_method_2: identifiers.rfc5280Method2,
});
