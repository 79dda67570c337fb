/** T59: a private key that was sent is in the memory of the service no longer once its reply has left. */

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import t from 'tap';
import type { KeyAlgorithmName, KeyFormat } from '../../src/keys/key.ts';
import { certificatePem, openDomain, pem, requestPem } from '../support/domain.ts';
import { startSearched, type Searched } from '../support/residue.ts';
import { identityOf, tlsVariables } from '../support/tls.ts';

t.setTimeout(180_000);

const skip = process.platform !== 'linux' && 'only Linux shows the memory of a process';

const domain = await openDomain(t);
const requested = await domain.issuer.certificationRequest({ algorithm: 'ml-dsa-44', subject: '/CN=a' });
const csr = requestPem(requested.csr);

/** A key of a CA in PKCS#8, and where in it an octet of a line of its PEM text is secret. */
const KINDS: readonly [KeyAlgorithmName, KeyFormat, secretAt: number][] = [
  ['ml-dsa-44', 'seed', 24],
  ['ml-dsa-65', 'seed', 24],
  ['ml-dsa-65', 'expanded', 480],
  ['ml-dsa-87', 'both', 480],
  ['ed25519', 'seed', 24],
  ['ecdsa-p256', 'seed', 48],
  ['rsa-2048', 'seed', 480],
];

/** The forms in which a key may come. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('base64'),
  (text) => text,
  (text) => text.replace(/-----.*-----|\n/g, ''),
];

interface Form {
  readonly name: string;
  readonly octets: Buffer;
}

/** How a key may stand in memory: as octets, as a line of PEM, as base64 of that. */
function formsOf(pkcs8: Uint8Array, at: number, name: string): Form[] {
  const text = pem('PRIVATE KEY', pkcs8);
  const octets = Buffer.from(pkcs8.slice(at, at + 18));
  const line = text.indexOf(octets.toString('base64'));
  const aligned = line + ((3 - (line % 3)) % 3);
  return [
    { name: `${name}: octets`, octets },
    { name: `${name}: PEM`, octets: Buffer.from(octets.toString('base64')) },
    {
      name: `${name}: base64 of PEM`,
      octets: Buffer.from(Buffer.from(text.slice(aligned, aligned + 18)).toString('base64')),
    },
  ];
}

/** Answers the status. */
async function post({ address }: Searched, body: string): Promise<number | undefined> {
  const url = new URL('/api/v1/csr/sign', address);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const request = send(url, { method: 'POST', headers, rejectUnauthorized: false }).end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await text(response);
  return response.statusCode;
}

async function caOf(algorithm: KeyAlgorithmName) {
  return domain.issuer.selfSigned({ algorithm, subject: '/CN=CA', days: 9, isCa: true });
}

for (const scheme of (process.env.SCH ?? 'http,https').split(',')) {
  for (const engine of (process.env.ENG ?? 'node,noble').split(',')) {
    t.test(`no key that was sent over ${scheme} stays in memory, read by ${engine}`, { skip }, async (t) => {
      const identity = await identityOf(domain.issuer);
      const tls = scheme === 'https' ? tlsVariables(t.testdir({ ...identity })) : {};
      const service = await startSearched(t, { CRYPTO_ENGINE: engine, ...tls });
      const forms: Form[] = [];
      for (const [algorithm, format, at] of KINDS) {
        for (const [i, spell] of SPELLINGS.entries()) {
          const { certificate, key } = await caOf(algorithm);
          const pkcs8 = await key.exportPkcs8(format);
          const ca_private_key = spell(pem('PRIVATE KEY', pkcs8));
          const body = JSON.stringify({ csr, ca_certificate: certificatePem(certificate), ca_private_key });
          t.equal(await post(service, body), 200);
          forms.push(...formsOf(pkcs8, at, `${algorithm} ${format} ${i}`));
        }
      }
      const left = await service.left(t, forms);
      const keys = new Set(left.map(({ name }) => name.split(':')[0]));
      t.comment(`T59 sent keys: ${keys.size}/${forms.length / 3} over ${scheme}, read by ${engine}`);
      t.same(
        left.map(({ name }) => name),
        [],
      );
    });
  }
}
