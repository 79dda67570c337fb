/** Issues a certificate, and verifies it with another implementation: OpenSSL in Node.js. */

import { X509Certificate } from 'node:crypto';
import { credentialsOf } from './access.ts';
import { membersOf, type Deployment } from './deployment.ts';
import { skipped, ok, wrong, type Finding } from './finding.ts';

const REQUEST = { subject: '/CN=doctor.invalid', san: ['DNS:doctor.invalid'], days: 1 };

export async function checkIssuance(deployment: Deployment): Promise<readonly Finding[]> {
  if (deployment.key === undefined) return [skipped('without a key no certificate is requested')];
  const answer = await deployment.ask('/api/v1/certificate/generate', {
    method: 'POST',
    headers: { ...credentialsOf(deployment), 'Content-Type': 'application/json' },
    body: JSON.stringify(REQUEST),
  });
  if (answer.status === 429) return [skipped('the key has reached its rate limit: try again in a minute')];
  const { certificate, code } = membersOf(answer);
  if (answer.status !== 200 || typeof certificate !== 'string') {
    return [
      wrong(
        `No certificate was issued (${answer.status} ${typeof code === 'string' ? code : 'without a code'})`,
        'read the audit lines in the log of the service',
      ),
    ];
  }
  return [findingOf(Buffer.from(certificate, 'base64'))];
}

function findingOf(pem: Buffer): Finding {
  const certificate = readCertificate(pem);
  if (certificate === undefined)
    return wrong('The reply contains no certificate', 'check how the proxy changes replies');
  const now = Date.now();
  const isNow = certificate.validFromDate.getTime() <= now && now < certificate.validToDate.getTime();
  if (!isNow) return wrong('The certificate is not valid now', 'synchronize the clocks');
  return certificate.verify(certificate.publicKey) && certificate.checkHost('doctor.invalid') !== undefined
    ? ok('a certificate was issued, and its signature is valid')
    : wrong('The signature of the issued certificate is invalid', 'stop the service, and read its log');
}

function readCertificate(pem: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
