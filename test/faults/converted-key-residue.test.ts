/** T59: a private key that was converted or bundled, and its passwords, leave the memory of the service after the reply. */

import { randomBytes } from 'node:crypto';
import t from 'tap';
import { writeKeyFile, type KeyFileChoice } from '../../src/keys/key-file.ts';
import { certificatePem, openDomain } from '../support/domain.ts';
import { startSearched } from '../support/residue.ts';

const skip = process.platform !== 'linux' && 'only Linux shows the memory of a process';

const domain = await openDomain(t);

/** How the key is sent. Each needs a password of its own or none. */
const SENT: readonly Omit<KeyFileChoice, 'password'>[] = [
  { form: 'pkcs8' },
  { form: 'encrypted-pkcs8', iterations: 1000 },
  { form: 'pkcs12' },
  { form: 'jwk' },
  { form: 'raw', encoding: 'hex' },
];

/** What is requested of each. */
const WANTED = ['pkcs8', 'encrypted-pkcs8', 'pkcs12', 'jwk', 'raw'] as const;

interface Form {
  readonly name: string;
  readonly octets: Buffer;
}

const isEncrypted = (form: string): boolean => form === 'encrypted-pkcs8' || form === 'pkcs12';

/** A password that occurs nowhere else. */
const newPassword = (): string => randomBytes(18).toString('hex');

/** The seed as octets, and in hexadecimal. */
const formsOf = (name: string, seed: Uint8Array, passwords: readonly string[]): Form[] => [
  { name: `${name}: seed`, octets: Buffer.from(seed.subarray(0, 18)) },
  { name: `${name}: hexadecimal`, octets: Buffer.from(Buffer.from(seed.subarray(0, 18)).toString('hex')) },
  ...passwords.map((password) => ({ name: `${name}: password`, octets: Buffer.from(password) })),
];

t.test('no key that was converted or bundled stays in memory', { skip }, async (t) => {
  const service = await startSearched(t, { CRYPTO_ENGINE: 'node' });
  const forms: Form[] = [];
  const post = async (path: string, body: object): Promise<void> => {
    const reply = await fetch(`${service.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    t.equal(reply.status, 200, `${path} ${await reply.text()}`);
  };
  for (const sent of SENT) {
    for (const format of WANTED) {
      const { certificate, key } = await domain.issuer.selfSigned({
        algorithm: 'ml-dsa-44',
        subject: '/CN=CA',
        days: 9,
        isCa: true,
      });
      const [password, wanted] = [newPassword(), newPassword()];
      const given = isEncrypted(sent.form) ? { password } : {};
      const { octets } = await writeKeyFile(key, {
        ...sent,
        password: isEncrypted(sent.form) ? Buffer.from(password) : undefined,
      });
      const seed = (await writeKeyFile(key, { form: 'raw' })).octets;
      const text = Buffer.from(octets).toString('base64');
      await post('/api/v1/keys/convert', {
        key: text,
        key_algorithm: 'ml-dsa-44',
        ...given,
        format,
        ...(isEncrypted(format) && { new_password: wanted }),
      });
      if (sent.form !== 'raw')
        await post('/api/v1/bundle', {
          format: isEncrypted(format) ? 'pkcs12' : 'zip',
          certificate: certificatePem(certificate),
          key: text,
          ...given,
          ...(isEncrypted(format) && { new_password: wanted }),
        });
      forms.push(...formsOf(`${sent.form} to ${format}`, seed, [password, wanted]));
    }
  }
  const left = await service.left(t, forms, (left) => left.length === 0);
  t.comment(`T59: converted keys and passwords: ${left.length}/${forms.length} left`);
  t.same(
    left.map(({ name }) => name),
    [],
  );
});
