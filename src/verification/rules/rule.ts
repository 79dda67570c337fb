import type { Certificate } from '../../x509/certificate.ts';
import type { Member } from '../member.ts';

/** A rule of a profile that the linter does not have. */
export interface ProfileRule {
  readonly id: string;
  readonly clause: string;
  /** Returns what is wrong, as a sentence; undefined when the certificate keeps the rule. */
  readonly fault: (member: Member, position: Position) => string | undefined;
}

/** Where in its path a certificate is. */
export interface Position {
  readonly isLeaf: boolean;
  readonly isAnchor: boolean;
}

export const isNotCritical = ({ extensions }: Certificate, oid: string): boolean =>
  extensions.some((extension) => extension.oid === oid && !extension.critical);
