/** The policy of the profiles in the store, beside the built-in ones. */

import type { Clock } from '../base/clock.ts';
import { closestName } from '../base/edit-distance.ts';
import type { Profile } from '../ca/profile.ts';
import { builtInProfile, BUILT_IN_PROFILES } from '../policy/built-in.ts';
import { compileProfile, type CompiledProfile } from '../policy/compile.ts';
import { withFixedAttributes } from '../policy/fixed-subject.ts';
import { PolicyViolationError } from '../policy/policy-violation.ts';
import { tlsValidityCap } from '../policy/presets.ts';
import type { Refusal } from '../policy/rule.ts';
import type { ProfileVersion, Store } from '../storage/ports.ts';
import { profileRefusals } from './allowed-profiles.ts';
import { duplicateKeyRefusals } from './duplicate-keys.ts';
import type { CompletedDraft, Draft, IssuancePolicy, Proposal } from './policy.ts';
import { documentOf } from './profile-document.ts';

type PolicyStore = Pick<Store, 'getProfile' | 'listProfiles' | 'searchCertificates'>;

/** More than a service has. The oldest ones are compiled again. */
const MAX_COMPILED = 200;
/** Of names for a hint. */
const MAX_NAMES = 100;

/** The newest version is read each time, so that a change counts at once; it is compiled once. */
export class StoredPolicy implements IssuancePolicy {
  readonly #store: PolicyStore;
  readonly #clock: Clock;
  readonly #compiled = new Map<string, CompiledProfile>();

  constructor(store: PolicyStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async profile(name: string): Promise<Profile | undefined> {
    const builtIn = builtInProfile(name);
    if (builtIn !== undefined) return builtIn;
    const stored = await this.#store.getProfile(name);
    return stored && this.#compile(stored, this.#clock()).profile;
  }

  async similarProfile(name: string): Promise<string | undefined> {
    const stored = await this.#store.listProfiles({ limit: MAX_NAMES });
    return closestName(name, [
      ...BUILT_IN_PROFILES.map(([known]) => known),
      ...stored.map((known) => known.name),
    ]);
  }

  async complete(profile: Profile, { options, content, hasFixedNames }: Draft): Promise<CompletedDraft> {
    const compiled = await this.#find(profile, this.#clock());
    if (compiled === undefined) return { options, content };
    const { pointers, fixed } = compiled;
    return {
      options: pointers === undefined ? options : { ...options, pointers },
      content: hasFixedNames ? content : withFixedAttributes(fixed, content),
    };
  }

  async check(proposal: Proposal): Promise<void> {
    const { authority, profile, now } = proposal;
    const compiled = await this.#find(profile, now);
    const refusals = [
      ...profileRefusals(authority, profile),
      ...(compiled === undefined ? [] : await this.#refusals(compiled, proposal)),
    ];
    const label = compiled === undefined ? profile.name : `${profile.name}@${compiled.profile.version}`;
    if (refusals.length > 0) throw new PolicyViolationError(label, refusals);
  }

  async #refusals(compiled: CompiledProfile, proposal: Proposal): Promise<readonly Refusal[]> {
    return [
      ...(compiled.isEnabled ? [] : [DISABLED]),
      ...compiled.rules.flatMap((rule) => [...rule(proposal)]),
      ...(await duplicateKeyRefusals(this.#store, compiled.duplicateKeys, proposal)),
    ];
  }

  /** Undefined for a built-in profile. */
  async #find({ name, version }: Profile, now: Date): Promise<CompiledProfile | undefined> {
    if (builtInProfile(name) !== undefined) return undefined;
    const compiled = this.#compiled.get(keyOf({ name, version }, now));
    if (compiled !== undefined) return compiled;
    const stored = await this.#store.getProfile(name, version);
    if (stored === undefined) throw new Error('The profile of a certificate is not in the store');
    return this.#compile(stored, now);
  }

  #compile(stored: ProfileVersion, now: Date): CompiledProfile {
    const key = keyOf(stored, now);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const compiled = compileProfile({ ...stored, document: documentOf(stored) }, now);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size >= MAX_COMPILED && oldest !== undefined) this.#compiled.delete(oldest);
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** A preset changes on the days of its ballot. */
const keyOf = ({ name, version }: Pick<ProfileVersion, 'name' | 'version'>, now: Date): string =>
  `${name}@${version} ${tlsValidityCap(now)}`;

const DISABLED: Refusal = Object.freeze({
  rule: 'enabled',
  path: ['profile', 'name'],
  message: 'The profile is disabled',
});
