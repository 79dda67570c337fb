/** `node bench/ocsp.ts`: measures OCSP responses against a bare Fastify, and against the signatures alone. */

import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { readOptions } from '../scripts/command-line.ts';
import { createApp } from '../service/server.ts';
import { configFrom } from '../src/config/load.ts';
import type { KeyAlgorithmName, Signer } from '../src/keys/key.ts';
import { runScript } from './child.ts';
import type { LoadFigure } from './load.ts';
import { prepareOcsp, type OcspContent } from './ocsp-content.ts';

const USAGE = `node bench/ocsp.ts [OPTIONS]
  Measures the OCSP responder: sizes, responses from memory, and responses that are signed for a nonce.
  --algorithms    of the authorities; default: ml-dsa-44,ml-dsa-65,ml-dsa-87,ecdsa-p256,ed25519,rsa-2048
  --rounds        rounds whose median is printed; default: 3
  --milliseconds  duration of a measurement; default: 1500
  --connections   default: 16
`;

const { values: options } = readOptions(USAGE, {
  algorithms: { type: 'string', default: 'ml-dsa-44,ml-dsa-65,ml-dsa-87,ecdsa-p256,ed25519,rsa-2048' },
  rounds: { type: 'string', default: '3' },
  milliseconds: { type: 'string', default: '1500' },
  connections: { type: 'string', default: '16' },
});

const milliseconds = Number(options.milliseconds);
const connections = Number(options.connections);

const ENVIRONMENT = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
  RATE_LIMIT_OCSP_PER_MINUTE: '0',
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const portOf = ({ server }: FastifyInstance): number => (server.address() as AddressInfo).port;

async function perSecond(app: FastifyInstance, request: string): Promise<number> {
  const input = { port: portOf(app), connections, milliseconds, request };
  const { answers, refusals, seconds } = await runScript<LoadFigure>('load.ts', { input });
  if (refusals > 0) throw new Error(`${refusals} of ${answers} requests were rejected`);
  return answers / seconds;
}

/** Signatures a second, as many at a time as there are connections. */
async function signaturesPerSecond({ signer, message }: OcspContent): Promise<number> {
  const start = performance.now();
  let count = 0;
  const sign = async (key: Signer): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      await key.sign(message);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, () => sign(signer)));
  return count / ((performance.now() - start) / 1000);
}

/** The same octets with the same media type. */
async function bareFastify(body: Uint8Array): Promise<FastifyInstance> {
  const app = fastify();
  app.addContentTypeParser('application/ocsp-request', { parseAs: 'buffer' }, (_request, octets, done) =>
    done(null, octets),
  );
  const reply = Buffer.from(body);
  app.post('/ocsp', (_request, response) => response.type('application/ocsp-response').send(reply));
  app.get('/ocsp/*', (_request, response) => response.type('application/ocsp-response').send(reply));
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
}

async function measure(app: FastifyInstance, content: OcspContent) {
  const bare = await bareFastify(content.response);
  const { get, post, withNonce } = content.requests;
  await perSecond(app, post);
  await perSecond(bare, post);
  const rounds: Record<'post' | 'get' | 'nonce', number>[] = [];
  for (let round = 0; round < Number(options.rounds); round += 1)
    rounds.push({
      post: (await perSecond(app, post)) / (await perSecond(bare, post)),
      get: (await perSecond(app, get)) / (await perSecond(bare, get)),
      nonce: (await perSecond(app, withNonce)) / (await signaturesPerSecond(content)),
    });
  const posts = Math.round(await perSecond(app, post));
  await bare.close();
  const of = (name: 'post' | 'get' | 'nonce') => median(rounds.map((round) => round[name])).toFixed(2);
  return { posts, post: of('post'), get: of('get'), nonce: of('nonce') };
}

console.log(`| authority | octets | with SHA-1 and without certificate | cached POST a second | cached POST ÷ bare Fastify | GET ÷ bare | nonce ÷ signatures |
|---|---|---|---|---|---|---|`);
const folder = await mkdtemp(join(tmpdir(), 'bench-ocsp-'));
const app = await createApp(configFrom(ENVIRONMENT, { DATA_DIR: folder }));
await app.listen({ host: '127.0.0.1', port: 0 });
for (const algorithm of options.algorithms.split(',')) {
  const content = await prepareOcsp(app, algorithm as KeyAlgorithmName);
  const { posts, post, get, nonce } = await measure(app, content);
  console.log(
    `| ${algorithm} | ${content.response.length} | ${content.direct.length} | ${posts} | ${post} | ${get} | ${nonce} |`,
  );
}
await app.close();
await rm(folder, { recursive: true });
