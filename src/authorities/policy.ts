/** What an authority may certify beyond the rules of the standards: the port, and the built-in policy. */

import { CUSTOM, PROFILES, type Profile } from '../ca/profile.ts';
import type { PublicKey } from '../keys/key.ts';
import type { Authority } from '../storage/ports.ts';
import type { DistinguishedName } from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import type { Validity } from '../x509/validity.ts';

/** A certificate that would be issued: what the CSR and the request ask for together. */
export interface Proposal {
  readonly authority: Authority;
  readonly profile: Profile;
  /** `Principal.id` of the caller. */
  readonly principal: string;
  readonly publicKey: PublicKey;
  readonly subject: DistinguishedName;
  readonly subjectAltNames: readonly GeneralName[];
  readonly validity: Validity;
}

export interface IssuancePolicy {
  /** Returns the newest version of a profile; undefined for an unknown name. */
  profile(name: string): Promise<Profile | undefined>;
  /** Throws PkiError for what the policy does not allow. */
  check(proposal: Proposal): Promise<void>;
}

const BY_NAME: ReadonlyMap<string, Profile> = new Map(Object.entries({ ...PROFILES, custom: CUSTOM }));

/** A certificate keeps the name of its profile, which can differ from the one that selects it. */
const BY_OWN_NAME: ReadonlyMap<string, Profile> = new Map(
  Object.values(PROFILES).map((profile) => [profile.name, profile]),
);

/** The built-in profiles. What they allow is checked with the content. */
export const BUILT_IN_POLICY: IssuancePolicy = Object.freeze({
  profile: async (name: string) => BY_NAME.get(name) ?? BY_OWN_NAME.get(name),
  check: async () => {},
});
