/** T59: a generated private key leaves the memory of the service soon after its reply. */

import t from 'tap';
import { unavailableReason, ENGINE_NAMES } from '../../src/algorithms/ml-dsa/engines.ts';
import { startSearched } from '../support/residue.ts';

/** A route that generates keys, and the member of its reply that is the private key. */
const ROUTES = [
  ['/api/v1/keys/generate', {}, 'private_key'],
  ['/api/v1/certificate/generate', { subject: '/CN=a' }, 'private_key'],
  ['/api/v1/csr/generate', { subject: '/CN=a' }, 'private_key'],
  ['/api/v1/certificate/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' }, 'ml_dsa_private_key'],
  ['/api/v1/csr/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' }, 'ml_dsa_private_key'],
] as const;

/** 125 in total. */
const KEYS_OF_A_ROUTE = 25;

/** The forms in which a key of the form `seed` can be in memory: the reply, the PEM text, the octets (RFC 9881 §6). */
function formsOf(member: string): Record<string, Buffer> {
  const pem = Buffer.from(member, 'base64').toString();
  const [, base64 = ''] = /-----\n([^-]+)-----/.exec(pem) ?? [];
  const pkcs8 = Buffer.from(base64, 'base64');
  return {
    reply: Buffer.from(member.slice(84, 120)),
    pem: Buffer.from(base64.slice(32, 64)),
    octets: pkcs8.subarray(-32),
  };
}

const elsewhere = process.platform !== 'linux' && 'only Linux shows the memory of a process';

for (const engine of ENGINE_NAMES) {
  const skip = elsewhere || unavailableReason(engine);
  t.test(`no generated key stays in memory, with the engine ${engine}`, { skip }, async (t) => {
    const service = await startSearched(t, { CRYPTO_ENGINE: engine });
    const forms: { readonly name: string; readonly octets: Buffer }[] = [];
    for (let i = 0; i < KEYS_OF_A_ROUTE; i++) {
      for (const [path, body, member] of ROUTES) {
        const reply = await fetch(service.address + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        const answer = (await reply.json()) as Record<string, string>;
        const all = Object.entries(formsOf(answer[member] ?? ''));
        forms.push(...all.map(([form, octets]) => ({ name: `${path} ${form}`, octets })));
      }
    }
    const left = (await service.left(t, forms)).map(({ name }) => name);
    t.same(left, []);
    t.comment(
      `T59: made keys, ${engine}: ${left.length} of ${forms.length} forms of ${forms.length / 3} keys left in memory`,
    );
  });
}
