/** Certificates of a profile, as the service makes them, and how OpenSSL prints them. */

import type { Test } from 'tap';
import type { ProfileName } from '../../src/ca/profile.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { judged } from './judge.ts';

/** Without the white space at the start and end of each line. */
export const linesOf = async (certificate: Buffer): Promise<readonly string[]> =>
  (await judged('x509 -in certificate -noout -text', { certificate })).split('\n').map((line) => line.trim());

/** `post`, and a CA: its members of a signing request and its certificate in PEM. */
export async function openProfiled(t: Test) {
  const post = poster(await startApp(t));
  const { answer: ca } = await post('/api/v1/certificate/generate', {
    subject: '/CN=Example Root CA',
    profile: 'ca',
    days: 400,
  });
  const authority = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };

  const issue = async (url: string, body: object): Promise<Buffer> => {
    const { statusCode, answer } = await post(url, body);
    if (statusCode !== 200) throw new Error(`${url}: ${answer.error}`);
    return pemOf(answer.certificate);
  };

  return {
    post,
    authority,
    roots: pemOf(ca.certificate),
    underCa: async (profile: ProfileName, body: Readonly<Record<string, unknown>> = {}) => {
      const { san = [] } = body;
      const { answer } = await post('/api/v1/csr/generate', { subject: '/CN=www.example.com', san });
      return issue('/api/v1/csr/sign', { csr: answer.csr, ...authority, ...body, profile });
    },
    selfSigned: (profile: ProfileName, body: Readonly<Record<string, unknown>> = {}) =>
      issue('/api/v1/certificate/generate', { subject: '/CN=www.example.com', ...body, profile }),
  };
}
