import type { DataFinding, LintedData } from '../../src/lint/lint-data.ts';
import type { ListedRule } from '../../src/lint/registry.ts';
import type { LintProfile } from '../../src/lint/rule.ts';

export const presentLint = ({ parts, findings, counts, isComplete }: LintedData, profile?: LintProfile) => ({
  profile,
  counts: { ...counts },
  parts: parts.map(({ type, size, isLinted }) => ({ type, size, linted: isLinted })),
  findings: findings.map(presentFinding),
  complete: isComplete,
});

const presentFinding = ({ part, rule, severity, clause, message, where, offset }: DataFinding) => ({
  part,
  rule,
  severity,
  clause,
  message,
  where,
  offset,
});

export const presentRule = ({ id, clause, severity, kinds, where, requires, profile, only }: ListedRule) => ({
  id,
  clause,
  severity,
  kinds: [...kinds],
  where,
  requires,
  profile,
  content: only ?? ('any' as const),
});
