import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import type { KeyWithCsr } from '../../src/ca/create-csr.ts';
import type { HybridCsrs } from '../../src/ca/hybrid-csr.ts';
import { classicalKeyName } from '../wire/classical-key.ts';
import { ISSUING_PAIRS } from '../wire/cost.ts';
import { decodeNames } from '../wire/decode.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { sendPairAsFile, type PairFile } from '../wire/pair-file.ts';
import { presentKeyPair, presentKeySizes, presentPem } from '../wire/present.ts';
import { generateHybridCsrs, type HybridCsrRequest } from './hybrid-schema.ts';
import { wishOf } from './wish.ts';

type Body = Static<typeof HybridCsrRequest.ref>;

export const hybrid: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.post(
    '/hybrid',
    { schema: generateHybridCsrs, config: { ...ISSUING_PAIRS, scope: 'csr:generate' } },
    async (request, reply) => {
      const { body, issuer } = request;
      const requested = await issuer.hybridCsrs({
        parameterSet: securityLevel(body),
        classical: classicalKeyName(body),
        names: () => decodeNames(body),
        wish: wishOf(body),
      });
      try {
        if (await sendPairAsFile(request, reply, filesOf(requested, body))) return reply;
        return reply.sendSecretJson(await presentHybridCsrs(requested, body));
      } finally {
        requested.mlDsa.key.destroy();
        requested.classical.key.destroy();
      }
    },
  );

  done();
};

const securityLevel = (body: Body) => body.security_level ?? DEFAULTS.securityLevel;

const filesOf = ({ mlDsa, classical }: HybridCsrs, { key_format: format }: Body): PairFile => ({
  halves: [
    { key: mlDsa.key, der: mlDsa.csr },
    { key: classical.key, der: classical.csr },
  ],
  format,
  label: 'CERTIFICATE REQUEST',
  names: { member: 'csr', pem: 'keys-and-csrs', zip: 'csrs' },
});

async function presentHybridCsrs({ mlDsa, classical }: HybridCsrs, body: Body) {
  const mlDsaKeys = await presentKeyPair(mlDsa.key, body.key_format);
  const classicalKeys = await presentKeyPair(classical.key);
  return {
    ml_dsa_csr: presentPem('CERTIFICATE REQUEST', mlDsa.csr),
    classical_csr: presentPem('CERTIFICATE REQUEST', classical.csr),
    ml_dsa_private_key: mlDsaKeys.private_key,
    ml_dsa_public_key: mlDsaKeys.public_key,
    classical_private_key: classicalKeys.private_key,
    classical_public_key: classicalKeys.public_key,
    subject: body.subject,
    security_level: securityLevel(body),
    classical_algorithm: body.classical_algorithm,
    sizes: { ml_dsa: presentSizes(mlDsa), classical: presentSizes(classical) },
  };
}

const presentSizes = ({ sizes }: KeyWithCsr) => ({ csr: sizes.der, ...presentKeySizes(sizes) });
