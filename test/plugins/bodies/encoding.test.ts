/** The encoding of a body: UTF-8, with or without a byte order mark. */

import { assert, integer, property, string, uint8Array } from 'fast-check';
import t from 'tap';
import { utf8Text } from '../../../plugins/bodies/encoding.ts';
import { extractSecrets } from '../../../plugins/bodies/secret-members.ts';
import { poster, startApp } from '../../support/service.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const app = await startApp(t);

const send = (url: string, payload: Buffer) =>
  app.inject({ method: 'POST', url, payload, headers: JSON_TYPE });

t.test('a byte order mark before the body is ignored, also before a private key', async (t) => {
  const post = poster(app);
  const { answer: ca } = await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true });
  const { answer: request } = await post('/api/v1/csr/generate', { subject: '/CN=a' });
  const body = JSON.stringify({
    csr: request.csr,
    ca_certificate: ca.certificate,
    ca_private_key: ca.private_key,
  });
  const reply = await send('/api/v1/csr/sign', Buffer.from(`\ufeff${body}`));
  t.equal(reply.statusCode, 200);
  t.match(reply.json(), { subject: '/CN=a' });
  t.equal(
    (await send('/api/v1/keys/generate', Buffer.from('\ufeff'))).statusCode,
    200,
    'a body that is only the mark',
  );
  const octets = Buffer.from('\ufeff{"key":"secret"}');
  t.same(extractSecrets(utf8Text(octets), new Set(['key'])).get('key'), Buffer.from('secret'));
  t.equal(
    octets.toString(),
    '\ufeff{"key":"******"}',
    'the octets of the body are overwritten, not those of a copy',
  );
});

t.test('the place of an error does not count the mark', async (t) => {
  const reply = await send('/api/v1/keys/generate', Buffer.from('\ufeff{"a":1,}'));
  t.equal(
    reply.json().error,
    'The body is not valid JSON: expected another member after the comma at line 1, column 8',
  );
});

t.test('UTF-16 and UTF-32 are named', async (t) => {
  const little = Buffer.from('{"a":1}', 'utf16le');
  const big = Buffer.from(little).swap16();
  const wide = Buffer.from(Array.from('{"a":1}').flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0]));
  const marked = [Buffer.from('\ufeff{}', 'utf16le'), Buffer.from('\ufeff{}', 'utf16le').swap16()];
  for (const octets of [little, big, wide, Buffer.from(wide).swap32(), ...marked]) {
    const reply = await send('/api/v1/keys/generate', octets);
    t.equal(reply.statusCode, 400);
    const error = 'The body is UTF-16 or UTF-32; JSON must be sent in UTF-8';
    t.match(reply.json(), { code: 'invalid-json', error }, octets.toString('hex'));
  }
});

t.test('the place of an octet that is not UTF-8 is named', async (t) => {
  const places: readonly (readonly [octets: Buffer, place: string])[] = [
    [Buffer.from([0xff]), 'line 1, column 1'],
    [Buffer.from([0x80]), 'line 1, column 1'],
    [Buffer.from('{"a":"Zoë"}', 'latin1'), 'line 1, column 9'],
    [Buffer.concat([Buffer.from('{\n "é€😀'), Buffer.from([0xe2, 0x82])]), 'line 2, column 6'],
    [Buffer.concat([Buffer.from('é'.repeat(9000)), Buffer.from([0xc0, 0x80])]), 'line 1, column 9001'],
  ];
  for (const [octets, place] of places)
    t.throws(() => utf8Text(octets), { message: `The body is not valid UTF-8 at ${place}` }, place);
});

t.test('the place of any octet that is not UTF-8 is at the end of what is', async (t) => {
  assert(
    property(
      string({ unit: 'binary', maxLength: 300 }),
      integer({ min: 0xc0, max: 0xff }),
      uint8Array(),
      (text, octet, rest) => {
        const before = `a${text.toWellFormed()}`
          .replace(/[\0\ufeff]/g, '.')
          .replaceAll('\n', ' ')
          .repeat(20);
        const octets = Buffer.concat([Buffer.from(before), Buffer.of(octet, 0x20), rest]);
        const column = Array.from(before).length + 1;
        t.throws(() => utf8Text(octets), {
          message: `The body is not valid UTF-8 at line 1, column ${column}`,
        });
      },
    ),
  );
});
