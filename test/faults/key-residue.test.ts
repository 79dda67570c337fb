/** T59: a private key that was made is in the memory of the service no longer once its reply has left. */

import t from 'tap';
import { unavailableReason, ENGINE_NAMES } from '../../src/algorithms/ml-dsa/engines.ts';
import { startSearched } from '../support/residue.ts';

/** A route that makes keys, and the member of its answer that is one. */
const ROUTES = [
  ['/api/v1/keys/generate', {}, 'private_key'],
  ['/api/v1/certificate/generate', { subject: '/CN=a' }, 'private_key'],
  ['/api/v1/csr/generate', { subject: '/CN=a' }, 'private_key'],
  ['/api/v1/certificate/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' }, 'ml_dsa_private_key'],
] as const;

/** 100 in all. */
const KEYS_OF_A_ROUTE = 25;

/** How a key of the form `seed` may stand in memory: the reply, the PEM text, the octets (RFC 9881 §6). */
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

t.setTimeout(120_000);

const elsewhere = process.platform !== 'linux' && 'only Linux shows the memory of a process';

for (const engine of ENGINE_NAMES) {
  const skip = elsewhere || unavailableReason(engine);
  t.test(`no key that was made stays in memory, computed by ${engine}`, { skip }, async (t) => {
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
