import { systemClock } from '../base/clock.ts';
import type { Keys } from '../keys/key.ts';
import { createSystemRandom } from '../x509/serial-number.ts';
import { makeCertificationRequest } from './certification-request.ts';
import type { Issuer } from './issuer.ts';
import { issueHybridPair, issueSelfSigned } from './self-signed.ts';
import { signCsr } from './sign-csr.ts';
import type { IssuanceContext } from './issuance-context.ts';

/** The use cases, bound to what they need. Clock and randomness are the system's unless given. */
export function createIssuer(given: { readonly keys: Keys } & Partial<IssuanceContext>): Issuer {
  const tools: IssuanceContext = { clock: systemClock, random: createSystemRandom(), ...given };
  return {
    selfSigned: (request) => issueSelfSigned(tools, request),
    hybridPair: (request) => issueHybridPair(tools, request),
    createCsr: (content) => makeCertificationRequest(tools, content),
    signCsr: (request) => signCsr(tools, request),
  };
}
