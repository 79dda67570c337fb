/** Requests a certificate, and verifies it with another implementation, the OpenSSL of Node.js. */

import { X509Certificate } from 'node:crypto';
import { credentialsOf } from './access.ts';
import { membersOf, type Deployment } from './deployment.ts';
import { notChecked, ok, wrong, type Finding } from './finding.ts';

const WISH = { subject: '/CN=doctor.invalid', san: ['DNS:doctor.invalid'], days: 1 };

export async function checkIssuance(deployment: Deployment): Promise<readonly Finding[]> {
  if (deployment.key === undefined) return [notChecked('without a key no certificate is requested')];
  const answer = await deployment.ask('/api/v1/certificate/generate', {
    method: 'POST',
    headers: { ...credentialsOf(deployment), 'Content-Type': 'application/json' },
    body: JSON.stringify(WISH),
  });
  if (answer.status === 429) return [notChecked('the key has used up its rate limit: try again in a minute')];
  const { certificate, code } = membersOf(answer);
  if (answer.status !== 200 || typeof certificate !== 'string') {
    return [
      wrong(
        `No certificate is issued (${answer.status} ${typeof code === 'string' ? code : 'without a code'})`,
        'see the audit lines of the service',
      ),
    ];
  }
  return [limitFinding(Buffer.from(certificate, 'base64'))];
}

function limitFinding(pem: Buffer): Finding {
  const certificate = readCertificate(pem);
  if (certificate === undefined)
    return wrong('The reply does not contain a certificate', 'check whether the proxy changes replies');
  const now = Date.now();
  const isNow = certificate.validFromDate.getTime() <= now && now < certificate.validToDate.getTime();
  if (!isNow) return wrong('The certificate is not valid now', 'synchronize the clocks');
  return certificate.verify(certificate.publicKey) && certificate.checkHost('doctor.invalid') !== undefined
    ? ok('a certificate was issued, and verifies')
    : wrong('The issued certificate does not verify', 'take the service out of use, and see its log');
}

function readCertificate(pem: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
