import { LintError, SignatureVerificationError } from '../../src/ca/prepared.ts';
import type { IssuanceEvent, IssuanceObserver } from '../../src/ca/use-case.ts';
import { keyFamily } from './key-family.ts';
import type { Metrics } from './metrics.ts';

/** Counts what is issued, what is refused, and what the linter stops. */
export const issuanceCounter = (metrics: Metrics): IssuanceObserver => ({
  end(event) {
    countOperation(metrics, event);
    if (event.outcome !== 'success') countError(metrics, event.error);
  },
});

function countOperation({ certificates, signedRequests, revocations }: Metrics, event: IssuanceEvent): void {
  const { operation, requested, outcome } = event;
  switch (operation) {
    case 'certificate/generate':
    case 'certificate/hybrid':
      return certificates.inc({ security_level: requested.algorithm ?? 'unknown', outcome });
    case 'csr/sign': {
      const [first] = event.outcome === 'success' ? event.issued : [];
      return signedRequests.inc({ key_algorithm: keyFamily(first?.facts.algorithm ?? ''), outcome });
    }
    case 'certificate/revoke':
    case 'authority/revoke': {
      const isHold = requested.reason === 'certificateHold';
      return revocations.inc({ operation: isHold ? 'hold' : 'revoke', outcome });
    }
    case 'certificate/release':
      return revocations.inc({ operation: 'release', outcome });
    default:
      return undefined;
  }
}

function countError({ lintBlocks, signatureFailures }: Metrics, error: unknown): void {
  if (error instanceof LintError) for (const { rule } of error.findings) lintBlocks.inc({ rule });
  if (error instanceof SignatureVerificationError) signatureFailures.inc();
}
