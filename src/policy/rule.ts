/** What a profile checks, and what it reports. */

import type { PathStep } from '../base/errors.ts';
import type { CertificateOptions } from '../ca/options.ts';
import type { PublicKey } from '../keys/key.ts';
import type { DistinguishedName } from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import type { Validity } from '../x509/validity.ts';

export type Path = readonly PathStep[];

/** Where in the request the parts of a certificate are from. */
export interface Origin {
  readonly key: Path;
  readonly subject: Path;
  readonly validity: Path;
  readonly name: (name: GeneralName) => Path;
}

/** A certificate that would be issued: what the CSR and the request ask for together. */
export interface Candidate {
  /** `Principal.id` of the caller. */
  readonly principal: string;
  readonly publicKey: PublicKey;
  /** Of the authority. */
  readonly issuerKey: PublicKey;
  readonly subject: DistinguishedName;
  readonly subjectAltNames: readonly GeneralName[];
  readonly validity: Validity;
  /** As the caller gave them, without what the profile adds. */
  readonly requested: Pick<CertificateOptions, 'usages' | 'pointers'>;
  readonly origin: Origin;
}

export interface Refusal {
  /** Path of the rule in the document of the profile, such as `names.dns.allow`. */
  readonly rule: string;
  readonly path: Path;
  /** What was refused. */
  readonly value?: string | undefined;
  /** A whole sentence. */
  readonly message: string;
}

/** Yields every refusal. */
export type Rule = (candidate: Candidate) => Iterable<Refusal>;
