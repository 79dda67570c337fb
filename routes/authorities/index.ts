import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { AuthorityWithKeys } from '../../src/authorities/create-authority.ts';
import { activeCertificate } from '../../src/authorities/active-certificate.ts';
import {
  AUTHORITY_DEFAULTS,
  decodeBrought,
  decodeBroughtCertificate,
  decodeContent,
  issuerOf,
} from './decode.ts';
import { ISSUING } from '../wire/cost.ts';
import { decodeNames } from '../wire/decode.ts';
import { repeatableRequest } from '../wire/idempotency-key.ts';
import { sendAsFile } from '../wire/certificate-file.ts';
import { certificates } from './certificates.ts';
import { isKeyAlgorithm } from './members.ts';
import { presentAuthority, presentReservation } from './present.ts';
import {
  components,
  createAuthority,
  disableAuthority,
  enableAuthority,
  importAuthority,
  importAuthorityCertificate,
  listAuthorities,
  listReservations,
  readAuthority,
  readAuthorityCertificate,
  readAuthorityChain,
  rotateAuthority,
} from './schema.ts';

const MANAGING = Object.freeze({ ...ISSUING, scope: 'authorities:manage' } as const);
const READING = Object.freeze({ scope: 'certs:read' } as const);

export const authorities: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);
  app.register(changes);
  app.register(views);
  app.register(certificates);
  done();
};

const changes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const pathOf = ({ authority }: AuthorityWithKeys): string =>
    `${app.config.BASE_PATH}/api/v1/authorities/${authority.id}`;

  app.post('', { schema: createAuthority, config: MANAGING }, async (request, reply) => {
    const { body, headers, caller } = request;
    const { name, days, path_length: pathLength } = body;
    const created = await request.authorities.create({
      caller,
      name,
      algorithm: body.key_algorithm ?? AUTHORITY_DEFAULTS.keyAlgorithm,
      issuer: issuerOf(body),
      names: () => decodeNames({ subject: body.subject }),
      days,
      pathLength,
      options: () => decodeContent(body),
      repeatable: repeatableRequest(headers, 'POST /api/v1/authorities', body),
    });
    return reply.code(201).header('Location', pathOf(created)).send(presentAuthority(created));
  });

  app.post('/import', { schema: importAuthority, config: MANAGING }, async (request, reply) => {
    const { body, caller } = request;
    const content = () => decodeBrought(app.keys, body);
    const created = await request.authorities.import({ caller, name: body.name, content });
    return reply.code(201).header('Location', pathOf(created)).send(presentAuthority(created));
  });

  app.post(
    '/:authority/certificate',
    { schema: importAuthorityCertificate, config: MANAGING },
    async ({ authorities, params, body, caller }) =>
      presentAuthority(
        await authorities.importCertificate({
          authority: params.authority,
          caller,
          content: () => decodeBroughtCertificate(body),
        }),
      ),
  );

  app.post(
    '/:authority/rotate',
    { schema: rotateAuthority, config: MANAGING },
    async ({ authorities, params, body, caller }) =>
      presentAuthority(
        await authorities.rotate({
          authority: params.authority,
          caller,
          algorithm: body.key_algorithm,
          issuer: body.signed_elsewhere === true ? { is: 'elsewhere' } : undefined,
          days: body.days,
          pathLength: body.path_length,
          options: () => decodeContent(body),
          isAlgorithm: isKeyAlgorithm,
        }),
      ),
  );

  for (const [path, schema, status] of [
    ['/:authority/enable', enableAuthority, 'enabled'],
    ['/:authority/disable', disableAuthority, 'disabled'],
  ] as const)
    app.post(path, { schema, config: MANAGING }, async ({ authorities, params, caller }) =>
      presentAuthority(await authorities.setStatus({ authority: params.authority, caller, status })),
    );

  done();
};

const views: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get('', { schema: listAuthorities, config: READING }, async ({ authorities, query }) => {
    const { limit = 100, after } = query;
    const page = await authorities.list({ limit, ...(after !== undefined && { after }) });
    const last = page.at(-1)?.authority.name;
    return {
      authorities: page.map(presentAuthority),
      ...(page.length === limit && last !== undefined && { next: last }),
    };
  });

  app.get('/:authority', { schema: readAuthority, config: READING }, async ({ authorities, params }) =>
    presentAuthority(await authorities.show(params.authority)),
  );

  for (const [path, schema, isChain] of [
    ['/:authority/certificate', readAuthorityCertificate, false],
    ['/:authority/chain', readAuthorityChain, true],
  ] as const)
    app.get(path, { schema, config: READING }, async (request, reply) => {
      const shown = await request.authorities.show(request.params.authority);
      const { certificate, chain } = activeCertificate(shown);
      if (sendAsFile(request, reply, isChain ? [certificate, ...chain] : [certificate], isChain))
        return reply;
      return presentAuthority(shown);
    });

  app.get(
    '/:authority/reservations',
    { schema: listReservations, config: { scope: 'authorities:manage' } },
    async ({ authorities, params }) => {
      const open = await authorities.reservations(params.authority);
      return { reservations: open.map(presentReservation) };
    },
  );

  done();
};
