/** What an authority may certify beyond the rules of the standards: the port, and the built-in policy. */

import type { CertificateOptions } from '../ca/options.ts';
import type { Profile } from '../ca/profile.ts';
import type { RequestedContent } from '../ca/requested-content.ts';
import { builtInProfile } from '../policy/built-in.ts';
import type { Candidate } from '../policy/rule.ts';
import type { Authority } from '../storage/ports.ts';

/** A certificate that would be issued: what the CSR and the request ask for together. */
export interface Proposal extends Candidate {
  readonly authority: Authority;
  readonly profile: Profile;
  readonly now: Date;
}

/** The parts of a certificate that a profile can complete. */
export interface Draft {
  readonly options: CertificateOptions;
  readonly content: RequestedContent;
  /** Whether the names are those of an earlier certificate, which stay as they are. */
  readonly hasFixedNames: boolean;
}

export type CompletedDraft = Pick<Draft, 'options' | 'content'>;

export interface IssuancePolicy {
  /** Returns the newest version of a profile; undefined for an unknown name. */
  profile(name: string): Promise<Profile | undefined>;
  /** Returns the name of a profile that is similar to `name`, if there is one. */
  similarProfile(name: string): Promise<string | undefined>;
  /** Returns the draft with what the profile adds. */
  complete(profile: Profile, draft: Draft): Promise<CompletedDraft>;
  /** Throws PolicyViolationError with everything that the policy does not allow. */
  check(proposal: Proposal): Promise<void>;
}

/** The built-in profiles. What they allow is checked with the content. */
export const BUILT_IN_POLICY: IssuancePolicy = Object.freeze({
  profile: async (name: string) => builtInProfile(name),
  similarProfile: async () => undefined,
  complete: async (_profile: Profile, { options, content }: Draft) => ({ options, content }),
  check: async () => {},
});
