import { systemClock } from '../base/clock.ts';
import type { Keys } from '../keys/key.ts';
import { createSystemRandom } from '../x509/serial-number.ts';
import { makeCertificationRequest } from './certification-request.ts';
import type { Issuer } from './issuer.ts';
import { issueHybridPair, issueSelfSigned } from './self-signed.ts';
import { signRequest } from './sign-csr.ts';
import type { Tools } from './issuance-context.ts';

/** The use cases, bound to what they need. Clock and randomness are the system's unless given. */
export function createIssuer(given: { readonly keys: Keys } & Partial<Tools>): Issuer {
  const tools: Tools = { clock: systemClock, random: createSystemRandom(), ...given };
  return {
    selfSigned: (request) => issueSelfSigned(tools, request),
    hybridPair: (request) => issueHybridPair(tools, request),
    certificationRequest: (content) => makeCertificationRequest(tools, content),
    signRequest: (request) => signRequest(tools, request),
  };
}
