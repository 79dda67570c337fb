import type { Issuer } from '../../src/ca/issuer.ts';
import { outcomeOf, type Outcome } from '../outcome.ts';
import { keyFamily } from './key-family.ts';
import { lintRuleOf } from './lint-rules.ts';
import type { Metrics } from './metrics.ts';

/** The same issuer; what it issues and refuses is counted. */
export function countedIssuer(issuer: Issuer, { certificates, signedRequests, lintBlocks }: Metrics): Issuer {
  async function counted<T>(act: Promise<T>, count: (outcome: Outcome, done?: T) => void): Promise<T> {
    try {
      const done = await act;
      count('success', done);
      return done;
    } catch (error) {
      count(outcomeOf(error));
      const rule = lintRuleOf(error);
      if (rule !== undefined) lintBlocks.inc({ rule });
      throw error;
    }
  }
  return {
    selfSigned: (request) =>
      counted(issuer.selfSigned(request), (outcome) =>
        certificates.inc({ security_level: request.algorithm, outcome }),
      ),
    hybridPair: (request) =>
      counted(issuer.hybridPair(request), (outcome) =>
        certificates.inc({ security_level: request.parameterSet, outcome }),
      ),
    createCsr: (content) => counted(issuer.createCsr(content), () => {}),
    signCsr: (request) =>
      counted(issuer.signCsr(request), (outcome, signed) =>
        signedRequests.inc({ key_algorithm: keyFamily(signed?.keyAlgorithm ?? ''), outcome }),
      ),
  };
}
