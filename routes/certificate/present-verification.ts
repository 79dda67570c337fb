import { hash } from 'node:crypto';
import { rfc3339 } from '../../src/base/clock.ts';
import { hexadecimal } from '../../src/base/hexadecimal.ts';
import { UNNOTED } from '../../src/formats/reading.ts';
import { CHECKS, type Failure } from '../../src/verification/checks.ts';
import type { Evaluation } from '../../src/verification/evaluate.ts';
import type { Member } from '../../src/verification/member.ts';
import type { VerificationRequest } from '../../src/verification/request.ts';
import type { MemberRevocation } from '../../src/verification/revocation/check-revocation.ts';
import type { Verification } from '../../src/verification/verify.ts';
import { describeName } from '../../src/x509/description/common-description.ts';
import { formatSerialNumber } from '../../src/x509/serial-number.ts';
import { presentTime } from '../wire/present-description.ts';

export const presentVerification = (
  { isValid, best, tried, checks }: Verification,
  { time }: Pick<VerificationRequest, 'time'>,
) => ({
  valid: isValid,
  time: rfc3339(time),
  path: isValid ? best.path.map(presentMember) : null,
  failures: best.failures.map(presentFailure),
  checks: checks.map(({ code, result }) => ({ code, ...CHECKS[code], result })),
  paths_tried: (tried.length === 0 ? [best] : tried).map(presentPath),
  policies: {
    required: best.policies.isRequired,
    authority: [...best.policies.authority],
    user: [...best.policies.user],
  },
  revocation: best.revocation.map(presentRevocation),
});

const presentPath = ({ path, failures }: Evaluation) => ({
  certificates: path.map(presentMember),
  failures: failures.map(presentFailure),
});

const presentMember = ({ certificate, source, index }: Member) => ({
  member: source,
  index,
  subject: describeName(certificate.subject, UNNOTED),
  issuer: describeName(certificate.issuer, UNNOTED),
  serial_number: formatSerialNumber(certificate.serialNumber),
  sha256_fingerprint: hexadecimal(hash('sha256', certificate.der, 'buffer')),
});

const presentFailure = ({ code, clause, member, detail, rule }: Failure) => ({
  code,
  clause,
  certificate: member && presentMember(member),
  detail,
  rule,
});

function presentRevocation({ member, status }: MemberRevocation) {
  const certificate = presentMember(member);
  switch (status.is) {
    case 'good':
      return { certificate, status: status.is, source: status.source, problems: [] };
    case 'revoked':
      return {
        certificate,
        status: status.is,
        source: status.source,
        revoked_at: presentTime(status.at),
        reason: status.reason,
        problems: [],
      };
    case 'unknown':
      return { certificate, status: status.is, problems: [...status.problems] };
    case 'no-rev-avail':
      return { certificate, status: status.is, problems: [] };
  }
}
