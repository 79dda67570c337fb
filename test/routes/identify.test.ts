import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../src/base/root.ts';
import { RAW_TYPES } from '../../routes/wire/media-types.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const CSR = readFileSync(join(ROOT, 'test/vectors/programs/03-no-attributes.csr'));

/** `inject` passes the payload itself, which the service zeroes. */
const send = async (url: string, file: Buffer | string, type: string, other: object = {}) => {
  const headers = { 'content-type': type, ...other };
  const reply = await app.inject({ method: 'POST', url, payload: Buffer.from(file), headers });
  return { status: reply.statusCode, answer: reply.json() };
};
const identify = (payload: Buffer | string, type: string) => send('/api/v1/identify', payload, type);

t.test('a key is identified, and its octets are in no reply', async (t) => {
  const { answer: key } = await post('/api/v1/keys/generate', { key_format: 'both' });
  const pem = Buffer.from(key.private_key, 'base64').toString();
  for (const data of [key.private_key, pem]) {
    const { statusCode, answer, body } = await post('/api/v1/identify', { data });
    t.equal(statusCode, 200);
    t.match(answer, {
      complete: true,
      parts: [
        { type: 'private-key', relation: 'supported', facts: { algorithm: 'ml-dsa-65', form: 'both' } },
      ],
    });
    for (const line of pem.split('\n').slice(1, -2)) t.notOk(body.includes(line));
  }
});

t.test('the body can be the file itself', async (t) => {
  const der = Buffer.from(CSR.toString().replaceAll(/-----.*-----|\s/g, ''), 'base64');
  for (const type of RAW_TYPES) {
    t.match(await identify(CSR, type), { status: 200, answer: { parts: [{ type: 'certificate-request' }] } });
  }
  t.match(await identify(der, 'application/pkcs10; x=y'), {
    status: 200,
    answer: { parts: [{ type: 'certificate-request', encodings: ['DER'], size: der.length }] },
  });
  t.match(await identify(der, 'Application/PKCS10'), { status: 200 });
});

t.test('csr/inspect reads a CSR as its body', async (t) => {
  const der = Buffer.from(CSR.toString().replaceAll(/-----.*-----|\s/g, ''), 'base64');
  for (const [file, type] of [
    [CSR, 'application/x-pem-file'],
    [CSR, 'application/pkcs10'],
    [der, 'application/pkcs10'],
  ] as const) {
    const { status, answer } = await send('/api/v1/csr/inspect', file, type);
    t.equal(status, 200);
    t.match(answer, { subject: String, notes: [{ code: 'no-attributes', at: '/csr' }] });
  }
  t.match(await send('/api/v1/csr/inspect', 'none', 'application/pkcs10'), {
    status: 400,
    answer: { errors: [{ pointer: '/csr' }] },
  });
});

t.test('a file is refused where JSON is expected, and so is an unknown type', async (t) => {
  t.match(await send('/api/v1/csr/sign', CSR, 'application/pkcs10'), { status: 415 });
  t.match(await send('/api/v1/csr/inspect', CSR, 'application/pkcs8'), { status: 415 });
  t.match(await identify(CSR, 'text/plain'), { status: 415 });
  t.match(await send('/api/v1/identify', CSR, 'application/pkcs10', { 'content-encoding': 'gzip' }), {
    status: 415,
  });
});

t.test('an empty file and a wrong member are refused', async (t) => {
  t.match(await identify(Buffer.of(), 'application/octet-stream'), {
    status: 400,
    answer: { errors: [{ pointer: '/data' }] },
  });
  t.match(await post('/api/v1/identify', {}), { statusCode: 400 });
  t.match(await post('/api/v1/identify', { data: '' }), { statusCode: 400 });
  t.match(await post('/api/v1/identify', { data: ['x'] }), { statusCode: 400 });
  t.match(await post('/api/v1/identify', { data: 'x', kind: 'y' }), { statusCode: 400 });
  const long = await identify(Buffer.alloc(app.config.BODY_LIMIT + 1), 'application/octet-stream');
  t.match(long, { status: 413 });
});
