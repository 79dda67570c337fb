/** When certificates should be renewed (RFC 9773). */

import t from 'tap';
import { issueFor, makeAuthorities, startAnonymousService } from '../support/authority-service.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const CERTIFICATES = '/api/v1/certificates';
const DAY = 86_400_000;

t.test(
  'the window is at two thirds of the validity, and over for a revoked certificate',
  { skip: opensslMissing },
  async (t) => {
    const { client } = await startAnonymousService(t);
    await makeAuthorities(client);
    const rows = [
      [90, 60],
      [6, 3],
    ] as const;
    for (const [days, expected] of rows) {
      const { id, not_before, not_after, serial_number, certificate } = await issueFor(client, {
        subject: '/CN=a',
        days,
      });
      const reply = await client.get(`${CERTIFICATES}/${id}/renewal`);
      t.equal(reply.headers['retry-after'], '21600');
      const { suggested_window: window, acme_id } = reply.json();
      const [start, end] = [Date.parse(window.start), Date.parse(window.end)];
      const middle = (start + end) / 2 - Date.parse(not_before);
      t.ok(Math.abs(middle / DAY - expected) < 0.1, `${days} days: ${middle / DAY}`);
      t.ok(end < Date.parse(not_after) && start < end);
      const read = ['x509', '-noout', '-ext', 'authorityKeyIdentifier'];
      const text = (await openssl(read, { input: Buffer.from(certificate, 'base64') })).stdout.toString();
      const [key = '', serial = ''] = String(acme_id).split('.');
      t.match(text.replaceAll(':', ''), Buffer.from(key, 'base64url').toString('hex').toUpperCase());
      t.equal(Buffer.from(serial, 'base64url').toString('hex').toUpperCase(), serial_number);
      await client.post(`${CERTIFICATES}/${id}/revoke`, { reason: 'superseded' });
      const revoked = (await client.get(`${CERTIFICATES}/${id}/renewal`)).json();
      t.ok(Date.parse(revoked.suggested_window.end) < Date.now());
    }
    t.equal((await client.get(`${CERTIFICATES}/none/renewal`)).statusCode, 404);
  },
);
