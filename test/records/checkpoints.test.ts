/** Checkpoints of the audit chain, with OpenSSL as the judge of their signatures. */

import t from 'tap';
import { encodePemString } from '../../src/formats/pem.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { openAuditKey } from '../../src/records/audit-key.ts';
import { readSignedCheckpoint, signedCheckpointOf, verifyCheckpoint } from '../../src/records/checkpoint.ts';
import { isDue, makeCheckpoint, makeDueCheckpoint } from '../../src/records/checkpoints.ts';
import { resealAuditKey } from '../../src/records/reseal-audit-key.ts';
import { verifyAudit } from '../../src/records/verify-audit.ts';
import { SealedKeyStore } from '../../src/key-store/sealed-key-store.ts';
import { sealingKeyOf } from '../../src/key-store/sealing-key.ts';
import { event, recordsOf } from '../storage/samples.ts';
import { openAuthorities, SEALING_KEY } from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const domain = await openDomain(t);
const { keys } = domain;

/** An empty store with the time of the test. */
async function open(t: Parameters<typeof openAuthorities>[0]) {
  const opened = await openAuthorities(t, domain);
  let now = new Date('2027-01-01T00:00:00Z');
  const { store, keyStore, folder } = opened;
  const ports = { store, keyStore, clock: () => now };
  return {
    ...ports,
    ports,
    folder,
    pass: (hours: number) => (now = new Date(now.getTime() + hours * 3_600_000)),
  };
}

const publicKeyOf = async (store: Awaited<ReturnType<typeof open>>['store']) => {
  const key = await store.getServiceKey('audit');
  if (key === undefined) throw new Error('there is no key');
  return readPublicKey(checkDer(key.publicKey));
};

t.test(
  'a checkpoint states the last record, and OpenSSL verifies it',
  { skip: opensslMissing },
  async (t) => {
    const { store, ports } = await open(t);
    await store.appendAudit(event());
    const checkpoint = await makeCheckpoint(ports);
    const { statement, signature } = signedCheckpointOf(checkpoint);
    const head = await store.auditHead();
    t.match(JSON.parse(statement), {
      type: 'ml-dsa-certificate-api/audit-checkpoint/v1',
      sequence: head.sequence,
      hash: Buffer.from(head.hash).toString('hex'),
      at: '2027-01-01T00:00:00.000Z',
    });
    const publicKey = await publicKeyOf(store);
    const files = {
      'audit.pem': encodePemString('PUBLIC KEY', publicKey.spki),
      statement,
      signature: Buffer.from(signature, 'base64'),
    };
    const verify = 'pkeyutl -verify -rawin -pubin -inkey audit.pem -in statement -sigfile signature'.split(
      ' ',
    );
    const { code, stdout } = await openssl(verify, { files });
    t.equal(code, 0);
    t.match(stdout.toString(), 'Signature Verified Successfully');
    t.not((await openssl(verify, { files: { ...files, statement: `${statement} ` } })).code, 0);
  },
);

t.test('the key is made once and sealed, and its creation is the first record of a checkpoint', async (t) => {
  const { store, ports, keyStore } = await open(t);
  const signers = await Promise.all([openAuditKey(ports), openAuditKey(ports), openAuditKey(ports)]);
  const key = await store.getServiceKey('audit');
  if (key === undefined) throw new Error('there is no key');
  const { id, sealed, publicKey } = key;
  for (const signer of signers) t.strictSame(Buffer.from(signer.publicKey.spki), Buffer.from(publicKey));
  t.ok(sealed);
  t.strictSame(
    (await recordsOf(store)).map(({ action, details }) => ({ action, details })),
    [{ action: 'audit/create-key', details: { key: id, algorithm: 'ml-dsa-65' } }],
  );
  keyStore.forget({ authorityId: 'audit', keyId: id });
  t.equal((await makeCheckpoint(ports)).sequence, 1, 'the sealed key opens again');
});

t.test('a record has one checkpoint, also with several replicas', async (t) => {
  const { ports, store } = await open(t);
  const made = await Promise.all([makeCheckpoint(ports), makeCheckpoint(ports), makeCheckpoint(ports)]);
  t.equal(made.length, 3);
  const again = await makeCheckpoint(ports);
  t.strictSame(await store.readCheckpoints({ after: 0, limit: 9 }), [again]);
});

t.test('a checkpoint is due after an hour with a new record, or after 1,000 records', async (t) => {
  const { ports, store, pass } = await open(t);
  t.equal(await makeDueCheckpoint(ports), false, 'nothing was recorded');
  await store.appendAudit(event());
  t.equal(await makeDueCheckpoint(ports), true, 'a checkpoint is due and made');
  t.equal(await makeDueCheckpoint(ports), false, 'no second one is due');
  pass(2);
  t.equal(await makeDueCheckpoint(ports), false, 'no record is new');
  await store.appendAudit(event());
  t.equal(await makeDueCheckpoint(ports), true, 'a checkpoint is due again');
  await store.appendAudit(event());
  t.equal(await makeDueCheckpoint(ports), false, 'no second one is due');
  const last = await store.lastCheckpoint();
  if (last === undefined) throw new Error('there is no checkpoint');
  const head = (records: number) => ({ sequence: last.sequence + records, hash: new Uint8Array(32) });
  t.equal(isDue(head(999), last, last.createdAt), false);
  t.equal(isDue(head(1000), last, last.createdAt), true);
});

t.test('only the key of the service signs a checkpoint', async (t) => {
  const { ports, store } = await open(t);
  const signed = signedCheckpointOf(await makeCheckpoint(ports));
  const own = await publicKeyOf(store);
  const other = await keys.generate('ml-dsa-65');
  t.match(await verifyCheckpoint(keys, own, signed), { sequence: 1 });
  t.equal(await verifyCheckpoint(keys, other.publicKey, signed), undefined);
  for (const changed of [
    { ...signed, statement: signed.statement.replace('"sequence":1', '"sequence":2') },
    { ...signed, signature: signed.signature.replace(/^..../, 'AAAA') },
    { ...signed, signature: '' },
  ])
    t.equal(await verifyCheckpoint(keys, own, changed), undefined);
  const ecdsa = await keys.generate('ecdsa-p256');
  t.equal(await verifyCheckpoint(keys, ecdsa.publicKey, signed), undefined);
  const foreign = JSON.stringify({ type: 'another document', sequence: 1 });
  const signer = await openAuditKey(ports);
  const signature = Buffer.from(await signer.sign(Buffer.from(foreign))).toString('base64');
  t.equal(await verifyCheckpoint(keys, own, { statement: foreign, signature }), undefined);
  for (const value of [null, 1, 'text', {}, { statement: 1, signature: '' }])
    t.throws(() => readSignedCheckpoint(value), TypeError);
});

t.test('the key of the checkpoints is sealed again under a new sealing key', async (t) => {
  const { ports, store, clock } = await open(t);
  await makeCheckpoint(ports);
  const before = (await store.getServiceKey('audit'))?.sealed;
  const newer = new SealedKeyStore({
    keys,
    sealingKey: sealingKeyOf(Buffer.alloc(32, 9)),
    otherKeys: [SEALING_KEY],
  });
  t.equal(await resealAuditKey(store, newer, clock), true, 'the key is sealed again');
  t.notSame((await store.getServiceKey('audit'))?.sealed, before);
  t.equal(await resealAuditKey(store, newer, clock), false, 'the key is sealed by the newer key already');
  const alone = new SealedKeyStore({ keys, sealingKey: sealingKeyOf(Buffer.alloc(32, 9)) });
  t.ok(await openAuditKey({ store, keyStore: alone, clock }));
  t.match(await verifyAudit(store, keys), { valid: true });
  t.equal(await resealAuditKey((await open(t)).store, newer, clock), false, 'there is no key');
});

t.test('a chain that goes on while it is verified is valid', async (t) => {
  const { ports, store } = await open(t);
  await makeCheckpoint(ports);
  const writing = {
    ...store,
    readAudit: async (page: { after: number; limit: number }) => {
      await store.appendAudit(event());
      return store.readAudit(page);
    },
  };
  t.match(await verifyAudit(writing, keys), { valid: true, records: 1, checkpoints: 1 });
});
