import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import { atMember, PkiError } from '../../src/base/errors.ts';
import { hexadecimal } from '../../src/base/hexadecimal.ts';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import type { NotedReading } from '../../src/formats/reading.ts';
import { certificateItem, keyItem, requestItem, type Item } from '../../src/identify/match/items.ts';
import { matchItems, type Match, type Pair } from '../../src/identify/match/match.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { INSPECTING_KEYS } from '../wire/cost.ts';
import { decodeCertificates, decodeKeyPair, decodeRequest } from '../wire/decode.ts';
import { presentNotes } from '../wire/notes.ts';
import { inspectionOf } from '../wire/reading.ts';
import { matchComponents, matchKeys, type KeyMatching } from './match-schema.ts';

type Body = Static<typeof KeyMatching.ref>;

export const match: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of matchComponents) app.addSchema(schema);

  app.post('/match', { schema: matchKeys, config: INSPECTING_KEYS }, async ({ body }) => {
    const reading = inspectionOf(app.config, body);
    const items = [...(await keyItems(app, body, reading)), ...certifiedItems(body, reading)];
    app.collectKeys();
    if (items.length < 2)
      throw new PkiError('invalid-encoding', `Expected at least two things to compare, got ${items.length}`);
    const result = await matchItems(app.keys, items, reading);
    return { ...presentMatch(items, result), notes: presentNotes(reading.notes) };
  });

  done();
};

async function keyItems({ keys }: FastifyInstance, body: Body, reading: NotedReading): Promise<Item[]> {
  const { private_key: privateKey, public_key: publicKey, private_key_password: password } = body;
  const items: Item[] = [];
  if (privateKey !== undefined) {
    const ofKey = reading.at('private_key');
    const key = await decodeKeyPair(keys, 'private_key', privateKey, ofKey, { password });
    key.destroy();
    items.push(keyItem('private_key', 'private-key', key.publicKey));
  }
  if (publicKey !== undefined) {
    const key = atMember('public_key', () => {
      const { der } = readPemOrDer(publicKey, 'PUBLIC KEY', reading.at('public_key'));
      return readPublicKey(der, reading.at('public_key'));
    });
    items.push(keyItem('public_key', 'public-key', key));
  }
  return items;
}

function certifiedItems(body: Body, reading: NotedReading): Item[] {
  const items: Item[] = [];
  const { csr } = body;
  if (csr !== undefined)
    items.push(requestItem('csr', decodeRequest('csr', csr, reading.at('csr')), reading.at('csr')));
  for (const member of ['certificate', 'chain'] as const) {
    const text = body[member];
    if (text === undefined) continue;
    const certificates = decodeCertificates(member, text, reading.at(member));
    const nameOf = (index: number): string => (certificates.length === 1 ? member : `${member}/${index}`);
    items.push(...certificates.map((one, index) => certificateItem(nameOf(index), one, reading.at(member))));
  }
  return items;
}

const presentMatch = (items: readonly Item[], { isMatch, pairs, chain, breaks }: Match) => ({
  match: isMatch,
  breaks: [...breaks],
  items: items.map(presentItem),
  pairs: pairs.map(presentPair),
  chain: chain && { items: chain.items.map(({ name }) => name), complete: chain.isComplete },
});

const presentItem = ({ name, type, subject, issuer, algorithm, spki }: Item) => ({
  name,
  type,
  subject,
  issuer,
  algorithm,
  public_key_sha256: hexadecimal(hash('sha256', spki, 'buffer')),
});

const presentPair = ({ first, second, isSameKey, links }: Pair) => ({
  first: first.name,
  second: second.name,
  same_public_key: isSameKey,
  links: links.map(({ subject, issuer, isSignatureValid }) => ({
    subject: subject.name,
    issuer: issuer.name,
    signature_valid: isSignatureValid,
  })),
});
