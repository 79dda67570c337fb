/** The use cases of profiles. A profile is never changed or removed: each write adds a version. */

import { hash } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import { PkiError } from '../base/errors.ts';
import type { Duration } from '../ca/duration.ts';
import type { Profile } from '../ca/profile.ts';
import { perform, useCase, type IssuanceObserver } from '../ca/use-case.ts';
import { builtInProfile, BUILT_IN_PROFILES, isReservedName } from '../policy/built-in.ts';
import { compileProfile } from '../policy/compile.ts';
import type { ProfileDocument } from '../policy/document.ts';
import type { ProfileVersion } from '../storage/ports.ts';
import { quoted } from '../x509/names/printable-text.ts';
import type { AuthorityContext, Caller } from './context.ts';
import { documentOf, jsonOf } from './profile-document.ts';
import { refusalAudit } from './refusal-audit.ts';

export interface ShownProfile {
  /** The name that selects it. */
  readonly name: string;
  readonly version: number;
  /** What it gives to a certificate. */
  readonly profile: Profile;
  readonly maximum: Duration;
  /** Absent for a built-in profile. */
  readonly stored?: StoredProfile;
}

export interface StoredProfile extends Pick<ProfileVersion, 'createdAt' | 'createdBy'> {
  readonly document: ProfileDocument;
}

export interface ProfileOrder {
  readonly caller: Caller;
  readonly name: string;
  /** Decodes the document. It runs inside the use case, so that observers see what it throws. */
  readonly document: () => ProfileDocument;
  /** The version that the order replaces; absent for a new profile. */
  readonly expectedVersion?: number | undefined;
}

/** Every method throws PkiError for an unknown name, and when the store cannot be used. */
export interface Profiles {
  /** The newest versions by name, after `after`; without it, the built-in profiles are first and do not count. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly ShownProfile[]>;
  /** The newest version unless one is given. */
  show(name: string, version?: number): Promise<ShownProfile>;
  /** The newest first, below the version `before`. */
  versions(name: string, page: VersionPage): Promise<readonly ShownProfile[]>;
  write(order: ProfileOrder): Promise<ShownProfile>;
}

export interface VersionPage {
  readonly before?: number | undefined;
  readonly limit: number;
}

export type ObservedProfiles = (principal: string, ...observers: readonly IssuanceObserver[]) => Profiles;

const WRITE = useCase({
  operation: 'profile/write',
  requested: ({ name }: ProfileOrder) => ({ profile: name }),
  issued: () => [],
  run: writeProfile,
});

export const createProfiles =
  (context: AuthorityContext): ObservedProfiles =>
  (principal, ...observers) => ({
    list: (page) => listProfiles(context, page),
    show: (name, version) => showProfile(context, name, version),
    versions: (name, page) => profileVersions(context, name, page),
    write: (order) =>
      perform(WRITE, context, [...observers, refusalAudit(context.store, context.clock, principal)], order),
  });

type Reader = Pick<AuthorityContext, 'store' | 'clock' | 'policy'>;

async function listProfiles(
  context: Reader,
  page: Parameters<Profiles['list']>[0],
): Promise<readonly ShownProfile[]> {
  const stored = await context.store.listProfiles(page);
  const builtIn = page.after === undefined ? BUILT_IN_PROFILES : [];
  return [...builtIn.map(([name, profile]) => shownBuiltIn(name, profile)), ...stored.map(shownAt(context))];
}

async function showProfile(context: Reader, name: string, version?: number): Promise<ShownProfile> {
  const builtIn = builtInProfile(name);
  if (builtIn !== undefined && (version ?? builtIn.version) === builtIn.version)
    return shownBuiltIn(name, builtIn);
  const stored = builtIn === undefined ? await context.store.getProfile(name, version) : undefined;
  if (stored !== undefined) return shownAt(context)(stored);
  throw await unknownProfile(context, name, version);
}

async function unknownProfile({ policy }: Reader, name: string, version?: number): Promise<PkiError> {
  const sentence = `There is no profile ${quoted(name)}`;
  if (version !== undefined) return new PkiError('unknown-profile', `${sentence} of version ${version}`);
  const similar = await policy.similarProfile(name);
  return new PkiError(
    'unknown-profile',
    similar === undefined ? sentence : `${sentence}; did you mean ${similar}?`,
  );
}

async function profileVersions(
  context: Reader,
  name: string,
  { before = Infinity, limit }: VersionPage,
): Promise<readonly ShownProfile[]> {
  const latest = await showProfile(context, name);
  const first = Math.min(latest.version, before - 1);
  const count = Math.max(0, Math.min(limit, first));
  return Promise.all(Array.from({ length: count }, (_, index) => showProfile(context, name, first - index)));
}

const shownBuiltIn = (name: string, profile: Profile): ShownProfile => ({
  name,
  version: profile.version,
  profile,
  maximum: { years: 0, months: 0, days: profile.maxDays, seconds: 0 },
});

const shownAt =
  ({ clock }: Pick<Reader, 'clock'>) =>
  (stored: ProfileVersion): ShownProfile => {
    const { name, version, createdAt, createdBy } = stored;
    const document = documentOf(stored);
    const { profile, maximum } = compileProfile({ name, version, document }, clock());
    return { name, version, profile, maximum, stored: { document, createdAt, createdBy } };
  };

/** Throws PkiError. */
async function writeProfile(context: AuthorityContext, order: ProfileOrder): Promise<ShownProfile> {
  const { store, clock } = context;
  const { caller, name, expectedVersion } = order;
  if (isReservedName(name))
    throw new PkiError(
      'profile-name-reserved',
      `The name ${name} belongs to a built-in profile; use another one`,
    );
  const document = order.document();
  const latest = await store.getProfile(name);
  checkExpected(latest, expectedVersion);
  const profile: ProfileVersion = {
    name: latest?.name ?? name,
    version: (latest?.version ?? 0) + 1,
    document: jsonOf(document),
    createdAt: clock(),
    createdBy: caller.principal,
  };
  const shown = shownAt(context)(profile);
  const outcome = await store.addProfileVersion({ profile, audit: auditOf(profile) });
  if (outcome === 'added') return shown;
  throw changed(`Another request wrote version ${profile.version} of the profile`);
}

function checkExpected(latest: ProfileVersion | undefined, expected: number | undefined): void {
  if (latest?.version === expected) return;
  if (latest === undefined) throw changed('The profile does not exist; leave out If-Match to create it');
  if (expected !== undefined)
    throw changed(`The newest version of the profile is ${latest.version}, not ${expected}`);
  throw new PkiError(
    'profile-version-required',
    `The profile exists; send its ETag "${latest.version}" in If-Match to write the next version`,
  );
}

const changed = (sentence: string): PkiError => new PkiError('profile-changed', sentence);

const auditOf = ({ name, version, document, createdAt, createdBy }: ProfileVersion) => ({
  at: createdAt,
  action: 'profile/write',
  outcome: 'success' as const,
  principal: createdBy,
  details: { profile: name, version, sha256: hash('sha256', canonicalJson(document)) },
});
