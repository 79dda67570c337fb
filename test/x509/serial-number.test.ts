import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { unsignedInteger } from '../../src/formats/der/writer.ts';
import { createSystemRandom, drawSerialNumber, formatSerialNumber } from '../../src/x509/serial-number.ts';
import { craftCertificate, octets } from '../support/crafted.ts';
import { certificatePem, openDomain } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const { keys, inspector, issuerWith } = await openDomain(t);
const hex = (serial: Uint8Array): string => Buffer.from(serial).toString('hex');

t.test('ten thousand draws are positive, of 20 octets, minimal, and all different', async (t) => {
  const random = createSystemRandom();
  const draws = Array.from({ length: 10_000 }, () => drawSerialNumber(random));
  t.ok(draws.every((serial) => serial.length === 20));
  const first = new Set(draws.map(([octet]) => octet));
  t.same(
    [...first].toSorted((a = 0, b = 0) => a - b),
    Array.from({ length: 0x7f }, (_, index) => index + 1),
    'the first octet is 01 to 7F, and each of them occurs',
  );
  t.equal(new Set(draws.map(hex)).size, draws.length);
  for (const index of draws[0]?.keys() ?? []) {
    // each bit of the others is set in half of the draws: 5,000, with a standard deviation of 50
    const counts = Array.from(
      { length: 8 },
      (_, bit) => draws.filter((serial) => (serial[index] ?? 0) & (1 << bit)).length,
    );
    t.ok(
      counts.every((count, bit) => (index === 0 && bit === 7 ? count === 0 : Math.abs(count - 5000) < 500)),
      `octet ${index}: ${counts.join(' ')}`,
    );
  }
  t.ok(
    draws.every((serial) => unsignedInteger(serial).length === 22),
    'as an INTEGER they need no sign octet',
  );
});

/** Answers the given octets, one draw after the other. */
function draws(...texts: readonly string[]) {
  const left = texts.map(octets);
  return (length: number): Uint8Array => {
    const next = left.shift();
    if (next?.length !== length) throw new Error('another draw than expected');
    return next;
  };
}

t.test('a draw that would begin with a zero octet is drawn again', async (t) => {
  const rest = '11'.repeat(19);
  t.equal(hex(drawSerialNumber(draws(`00${rest}`, `80${rest}`, `01${rest}`))), `01${rest}`);
  t.equal(hex(drawSerialNumber(draws(`ff${rest}`))), `7f${rest}`, 'the sign bit is cleared');
});

t.test('the certificate has the drawn serial number, which node:crypto reads', async (t) => {
  const serial = `5a${'00'.repeat(19)}`;
  const issuer = issuerWith({ random: draws(serial) });
  const { certificate } = await issuer.selfSigned({
    algorithm: 'ml-dsa-44',
    subject: '/CN=a',
    days: 1,
    isCa: false,
  });
  t.equal(new X509Certificate(certificate).serialNumber, serial.toUpperCase());
});

t.test('serial numbers of others are shown as OpenSSL shows them', { skip: opensslMissing }, async (t) => {
  const key = await keys.generate('ml-dsa-44');
  for (const [integer, shown] of [
    ['02 01 00', '00'],
    ['02 01 01', '01'],
    ['02 01 7f', '7F'],
    ['02 02 00 80', '80'],
    ['02 02 01 00', '0100'],
    ['02 01 ff', '-01'],
    ['02 01 80', '-80'],
    ['02 02 ff 7f', '-81'],
    [`02 15 00 ${'ff'.repeat(20)}`, 'FF'.repeat(20)],
  ] as const) {
    const certificate = certificatePem(await craftCertificate(key, { serialNumber: octets(integer) }));
    t.equal((await inspector.certificate(certificate)).serial_number, shown);
    const { stdout } = await openssl(['x509', '-in', 'certificate', '-noout', '-serial'], {
      files: { certificate },
    });
    t.equal(stdout.toString().trim(), `serial=${shown}`);
    t.equal(formatSerialNumber(octets(integer).subarray(2)), shown);
  }
});
