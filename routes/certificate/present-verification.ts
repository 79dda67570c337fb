import { hash } from 'node:crypto';
import { rfc3339 } from '../../src/base/clock.ts';
import { hexadecimal } from '../../src/base/hexadecimal.ts';
import { UNNOTED } from '../../src/formats/reading.ts';
import { CHECKS } from '../../src/verification/checks.ts';
import type { Evaluation } from '../../src/verification/evaluate.ts';
import type { Member } from '../../src/verification/member.ts';
import type { VerificationRequest } from '../../src/verification/request.ts';
import type { MemberStatus } from '../../src/verification/revocation/check-revocation.ts';
import type { Verification } from '../../src/verification/verify.ts';
import { describeName } from '../../src/x509/description/common-description.ts';
import { formatSerialNumber } from '../../src/x509/serial-number.ts';
import { presentTime } from '../wire/present-description.ts';

/** Of a path: a certificate can break thousands of rules, and be on every path. */
const MAX_FAILURES = 50;
/** Of a name or a sentence, in characters. */
const MAX_TEXT = 1_000;

const short = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

export function presentVerification(
  { isValid, best, tried, checks }: Verification,
  { time }: Pick<VerificationRequest, 'time'>,
) {
  const present = createPresenter();
  return {
    valid: isValid,
    time: rfc3339(time),
    path: isValid ? best.path.map(present.member) : null,
    failures: present.failures(best),
    checks: checks.map(({ code, result }) => ({ code, ...CHECKS[code], result })),
    paths_tried: (tried.length === 0 ? [best] : tried).map((evaluation) => ({
      certificates: evaluation.path.map(present.member),
      failures: present.failures(evaluation),
    })),
    policies: {
      required: best.policies.isRequired,
      authority: [...best.policies.authority],
      user: [...best.policies.user],
    },
    revocation: best.revocation.map(({ member, status }) => ({
      certificate: present.member(member),
      ...presentStatus(status),
    })),
  };
}

/** Presents each certificate once: it can be on many paths. */
function createPresenter() {
  const known = new Map<Member, ReturnType<typeof presentMember>>();
  const member = (given: Member) => {
    const presented = known.get(given) ?? presentMember(given);
    known.set(given, presented);
    return presented;
  };
  const failures = (evaluation: Evaluation) =>
    evaluation.failures.slice(0, MAX_FAILURES).map(({ code, clause, member: of, detail, rule }) => ({
      code,
      clause,
      certificate: of && member(of),
      detail: short(detail),
      rule,
    }));
  return { member, failures };
}

const presentMember = ({ certificate, source, index }: Member) => ({
  member: source,
  index,
  subject: short(describeName(certificate.subject, UNNOTED)),
  issuer: short(describeName(certificate.issuer, UNNOTED)),
  serial_number: short(formatSerialNumber(certificate.serialNumber)),
  sha256_fingerprint: hexadecimal(hash('sha256', certificate.der, 'buffer')),
});

function presentStatus(status: MemberStatus) {
  switch (status.is) {
    case 'good':
      return { status: status.is, source: status.source, problems: [] };
    case 'revoked':
      return {
        status: status.is,
        source: status.source,
        revoked_at: presentTime(status.at),
        reason: status.reason,
        problems: [],
      };
    case 'unknown':
      return { status: status.is, problems: status.problems.map(short) };
    case 'no-rev-avail':
      return { status: status.is, problems: [] };
  }
}
