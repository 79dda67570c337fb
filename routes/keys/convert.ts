import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import type { ConvertedKey as Converted } from '../../src/ca/convert-key.ts';
import { completeChoice } from '../../src/keys/key-targets.ts';
import { CONVERTING } from '../wire/cost.ts';
import { decodeKeyFile } from '../wire/decode.ts';
import { keyFileType, preferredEncoding } from '../wire/key-file-types.ts';
import { presentNotes } from '../wire/notes.ts';
import { presentPem, presentCertificate } from '../wire/present.ts';
import { readingOf } from '../wire/reading.ts';
import { ConvertedKey, convertPrivateKey, KeyConversion } from './convert-schema.ts';

export const convert: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const { schema } of [KeyConversion, ConvertedKey]) app.addSchema(schema);

  app.post('/convert', { schema: convertPrivateKey, config: CONVERTING }, async (request, reply) => {
    const { body, issuer } = request;
    const reading = readingOf(app.config, body);
    const choice = choiceOf(body);
    const encoding = preferredEncoding(request, reply, choice);
    const options = { password: body.password, passwordMember: 'password', algorithm: body.key_algorithm };
    let certificates: readonly Uint8Array[] = [];
    const converted = await issuer.convertKey({
      key: async () => {
        const file = await decodeKeyFile(app.keys, 'key', body.key, reading.at('key'), options);
        ({ certificates } = file);
        return file.key;
      },
      choice: encoding === undefined ? choice : { ...choice, encoding },
    });
    const file = keyFileType(converted.form, converted.encoding);
    return encoding === undefined
      ? reply.sendSecretJson({
          ...presentConverted(converted),
          media_type: file.type,
          file_name: file.name,
          ...(certificates.length > 0 && { certificates: presentCertificate(...certificates) }),
          notes: presentNotes(reading.notes),
        })
      : reply.sendSecretFile({ ...file, octets: converted.octets });
  });

  done();
};

const choiceOf = (body: Static<typeof KeyConversion.ref>) =>
  completeChoice(body.target, {
    form: body.format,
    encoding: body.encoding,
    keyFormat: body.key_format,
    includePublicKey: body.include_public_key,
    password: body.new_password,
    cipher: body.cipher,
    kdf: body.kdf,
    iterations: body.iterations,
    mac: body.mac,
    friendlyName: body.friendly_name,
  });

const presentConverted = ({ octets, publicKey, form, encoding, keyFormat }: Converted) => ({
  private_key: octets,
  public_key: presentPem('PUBLIC KEY', publicKey.spki),
  key_algorithm: publicKey.algorithm,
  format: form,
  encoding,
  ...(keyFormat && { key_format: keyFormat }),
});
