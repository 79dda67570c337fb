import type { Static } from 'typebox';
import type { ShownProfile } from '../../src/authorities/profiles.ts';
import { rfc3339 } from '../../src/base/clock.ts';
import { isoDuration } from '../../src/ca/duration.ts';
import { oidName } from '../../src/formats/oids.ts';
import type { Profile } from './schema.ts';

type Members = Static<typeof Profile.ref>;

export const presentProfile = (shown: ShownProfile): Members => ({
  name: shown.name,
  version: shown.version,
  built_in: shown.stored === undefined,
  enabled: shown.stored?.document.enabled ?? true,
  effective: presentEffective(shown),
  ...(shown.stored && presentStored(shown.stored)),
});

const presentEffective = ({ profile, maximum }: ShownProfile): Members['effective'] => ({
  is_ca: profile.isCa,
  key_usage: [...profile.keyUsage],
  extended_key_usage: profile.extendedKeyUsage.map(oidName),
  validity: {
    default: isoDuration(
      profile.defaultValidity ?? { years: 0, months: 0, days: profile.defaultDays, seconds: 0 },
    ),
    maximum: isoDuration(maximum),
  },
});

const presentStored = ({ document, createdAt, createdBy }: NonNullable<ShownProfile['stored']>) => ({
  document: document as Members['document'],
  created_at: rfc3339(createdAt),
  created_by: createdBy,
});

/** RFC 9110 §8.8.3: versions are never changed, so the tag is a strong one. */
export const etagOf = ({ version }: Pick<ShownProfile, 'version'>): string => `"${version}"`;
