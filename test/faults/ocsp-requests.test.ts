/** OCSP requests with any mutation: every reply is an OCSP response, no error is unexpected, and none takes long. */

import t from 'tap';
import { contextConstructed, sequence } from '../../src/formats/der/writer.ts';
import type { OcspObserver } from '../../src/ocsp/ports.ts';
import { elementOf, membersOf } from '../../src/formats/der/reader.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { openAuthorities } from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';
import { mutate, seeded } from '../support/mutated-der.ts';
import { createAuthority, issueCertificate, ocspRequest, readReply, revoke } from '../support/ocsp.ts';

t.setTimeout(0);

/** FUZZ_COUNT is for runs by hand. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 5000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

/** In octets: what the route accepts. */
const LIMIT = 32_768;

const opened = await openAuthorities(t, await openDomain(t));
const root = await createAuthority(opened, 'root', 'ed25519');
const good = await issueCertificate(opened, 'root');
const revoked = await issueCertificate(opened, 'root');
await revoke(opened, revoked);

const failures: unknown[] = [];
const observer: OcspObserver = {
  replied: () => undefined,
  stated: () => undefined,
  signed: () => undefined,
  failed: (error) => void failures.push(error),
};
const responder = opened.createResponder({
  signer: 'delegated',
  validity: 43_200,
  cacheLimit: 1e6,
  observer,
});
t.teardown(() => responder.close());

/** With the name and a signature of the requestor, which are not read. */
function signedRequest(): Uint8Array {
  const [tbs] = membersOf(elementOf(checkDer(ocspRequest(root, [good.serial]))));
  const parts = [...membersOf(tbs ?? elementOf(checkDer(sequence())))].map(({ encoding }) => encoding);
  const requestor = contextConstructed(1, contextConstructed(4, sequence()));
  return sequence(sequence(requestor, ...parts), contextConstructed(0, sequence()));
}

const serials = Array.from({ length: 100 }, () => good.serial);
const SEEDS = [
  ocspRequest(root, [good.serial]),
  ocspRequest(root, [revoked.serial], { digest: 'sha1', nonce: Buffer.alloc(32, 1) }),
  ocspRequest(root, [good.serial, revoked.serial, Uint8Array.of(7)], { nonce: Buffer.alloc(16, 1) }),
  signedRequest(),
];

const random = seeded(SEED);

/** A mutation of the structure, or of the octets. */
function mutated(): Uint8Array {
  const seed = SEEDS[random(SEEDS.length)] ?? new Uint8Array();
  if (random(4) > 0) return mutate(seed, random).subarray(0, LIMIT);
  const octets = Buffer.from(seed);
  for (let i = 0; i <= random(4); i += 1) octets[random(octets.length)] = random(256);
  return random(4) === 0 ? octets.subarray(0, random(octets.length)) : octets;
}

t.test('a request with mutations never gets internalError', async (t) => {
  const statuses = new Map<string, number>();
  let slowest = 0;
  for (let i = 0; i < COUNT; i += 1) {
    const request = mutated();
    const start = performance.now();
    const reply = await responder.respond(request, async () => undefined);
    slowest = Math.max(slowest, performance.now() - start);
    const der = reply.status === 'successful' ? reply.response.der : reply.der;
    const { status } = readReply(der);
    if (status !== reply.status || status === 'internalError')
      t.fail(`${status} for ${Buffer.from(request).toString('hex')}`);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  t.same(failures.slice(0, 3), []);
  for (const status of ['successful', 'malformedRequest', 'unauthorized'])
    t.ok((statuses.get(status) ?? 0) > COUNT / 50, `enough are ${status}`);
  t.comment(
    `T94: ${COUNT} requests: ${JSON.stringify(Object.fromEntries(statuses))}, the slowest took ${slowest.toFixed(1)} ms`,
  );
});

t.test('as many certificates as are allowed, and one more', async (t) => {
  const statusOf = async (count: number) => {
    const request = ocspRequest(root, [...serials, ...serials].slice(0, count));
    const { status } = await responder.respond(request, async () => undefined);
    return status;
  };
  t.equal(await statusOf(100), 'successful');
  t.equal(await statusOf(101), 'malformedRequest');
});

t.test('a body of full length is refused without holding the event loop', async (t) => {
  const bodies = [
    Buffer.alloc(LIMIT, 0x30),
    sequence(...Array.from({ length: 16_000 }, () => Uint8Array.of(5, 0))),
    Buffer.from('3080'.repeat(LIMIT / 2), 'hex'),
    Buffer.concat([Uint8Array.of(0x30, 0x82, 0x7f, 0xfc, 6, 0x82, 0x7f, 0xf8), Buffer.alloc(0x7ff8, 0x81)]),
  ];
  for (const body of bodies) {
    const before = process.cpuUsage();
    t.equal((await responder.respond(body, async () => undefined)).status, 'malformedRequest');
    const { user } = process.cpuUsage(before);
    t.comment(`${body.length} octets: ${(user / 1000).toFixed(1)} ms`);
  }
});
