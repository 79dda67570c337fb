/** A rule of a standard over content that is about to be signed. */

/** `error`: the standard says MUST or MUST NOT; `warning`: SHOULD. */
export type Severity = 'error' | 'warning';

export interface Rule<Content> {
  /** Names the rule in logs and metrics, such as `rfc5280-serial-positive`. */
  readonly id: string;
  /** Where the standard says so, such as `RFC 5280 §4.1.2.2`. */
  readonly clause: string;
  readonly severity: Severity;
  /** The member that the rule is about, by its name in ASN.1: `serialNumber`, `extensions.keyUsage`. */
  readonly where: string;
  /** Whether the content keeps the rule. May throw PkiError for content that does not. */
  readonly check: (content: Content) => boolean;
}

/** A rule for content of any maker: it can be broken in several places. */
export interface ReceivedRule<Content> extends Omit<Rule<Content>, 'check' | 'where'> {
  /** Returns the members that break the rule, by their names in ASN.1. Throws nothing. */
  readonly find: (content: Content) => readonly string[];
}

export interface Finding {
  /** Identifier of the rule. */
  readonly rule: string;
  readonly clause: string;
  readonly severity: Severity;
  /** The member at fault, by its name in ASN.1. */
  readonly where: string;
}
