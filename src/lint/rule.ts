/** A rule of a standard, as data: what it requires, of what, and how it is checked. */

/** `error`: the standard says MUST or MUST NOT; `warning`: SHOULD; `notice`: worth knowing. */
export const SEVERITIES = Object.freeze(['error', 'warning', 'notice'] as const);
export type Severity = (typeof SEVERITIES)[number];

/** The structures of X.509 that are signed. */
export const SIGNED_KINDS = Object.freeze([
  'certificate',
  'certification-request',
  'certificate-list',
  'ocsp-response',
] as const);
export type SignedKind = (typeof SIGNED_KINDS)[number];

/** Requirements of a community of users, on top of the standards. */
export const LINT_PROFILES = Object.freeze(['cnsa2', 'cabf-tls', 'cabf-smime'] as const);
export type LintProfile = (typeof LINT_PROFILES)[number];

/** A rule without its check: what a document lists. */
export interface RuleFacts {
  /** Names the rule in logs and metrics, such as `rfc5280-serial-positive`. */
  readonly id: string;
  /** Where the standard says so, such as `RFC 5280 §4.1.2.2`. */
  readonly clause: string;
  readonly severity: Severity;
  /** The member that the rule is about, by its name in ASN.1: `serialNumber`, `extensions.keyUsage`. */
  readonly where: string;
  /** What must be true: a whole sentence without its full stop. */
  readonly requires: string;
  /** The profile that has the rule; undefined for a rule of every profile. */
  readonly profile?: LintProfile;
  /** `issued`: this service keeps it, and others need not. `received`: what is issued cannot break it. */
  readonly only?: 'issued' | 'received';
}

export interface Rule<View> extends RuleFacts {
  /** Whether the rule is about this content at all. Throws nothing. */
  readonly applies?: (view: View) => boolean;
  /**
   * Whether the content keeps the rule; or the members that break it, where there can be several. May throw PkiError for
   * content that breaks it.
   */
  readonly check: (view: View) => boolean | readonly string[];
}

export interface Finding {
  /** Identifier of the rule. */
  readonly rule: string;
  readonly clause: string;
  readonly severity: Severity;
  /** The member at fault, by its name in ASN.1. */
  readonly where: string;
  /** What is wrong, or what is required: a whole sentence. */
  readonly message: string;
}

type Common = Partial<Pick<RuleFacts, 'clause' | 'severity' | 'where' | 'profile' | 'only'>>;

/** A rule without the members that it has in common with others. */
type Written<View, Shared extends Common> = Omit<Rule<View>, keyof Shared> & Partial<Rule<View>>;

/** Returns rules that have `common` unless they say otherwise; errors unless said otherwise. */
export const rulesWith =
  <View>() =>
  <const Shared extends Common>(
    common: Shared,
    ...rules: readonly Written<View, Shared & { readonly severity: Severity }>[]
  ): readonly Rule<View>[] =>
    rules.map((rule) => ({ severity: 'error', ...common, ...rule }) as Rule<View>);
