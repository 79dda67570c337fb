import t from 'tap';
import { craftCertificate, craftRequest, extension } from '../support/crafted.ts';
import { certificatePem, keyPem, openDomain, requestPem } from '../support/domain.ts';

const { keys, issuer } = await openDomain(t);
const key = await keys.generate('ml-dsa-65');
const other = await keys.generate('ml-dsa-44');
const csr = requestPem(await craftRequest(other));

t.test('a self-signed CA certificate must have a valid signature', async (t) => {
  const damaged = await craftCertificate(key);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  const wrongAlgorithm = {
    signature: other.signatureAlgorithm,
    signatureAlgorithm: other.signatureAlgorithm,
  };
  const invalid = {
    'a flipped bit': damaged,
    'another algorithm': await craftCertificate(key, wrongAlgorithm),
  };
  const caPrivateKey = Buffer.from(await keyPem(key));
  const signUnder = (certificate: Uint8Array) =>
    issuer.signCsr({ csr, caCertificate: certificatePem(certificate), caPrivateKey, days: 1, isCa: false });
  for (const [what, certificate] of Object.entries(invalid)) {
    await t.rejects(
      signUnder(certificate),
      {
        code: 'unsuitable-issuer',
        pointer: '/ca_certificate',
        message: /self-signed, and its signature is invalid/,
      },
      what,
    );
  }
  await t.resolves(signUnder(await craftCertificate(key)), 'a valid signature');
  // RFC 5280 §3.2: self-issued, and signed by the old key of the same CA
  const rollover = await craftCertificate(
    {
      ...key,
      publicKey: key.publicKey,
      signatureAlgorithm: key.signatureAlgorithm,
      sign: (tbs) => other.sign(tbs),
    },
    { extensions: { authorityKeyIdentifier: extension('2.5.29.35', false, '30 06 80 04 09 09 09 09') } },
  );
  await t.resolves(signUnder(rollover), 'the certificate for a new key, signed with the old key');
});
