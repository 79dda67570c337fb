import { CA, type Profile } from '../ca/profile.ts';

/** Ten years. */
export const ROOT_PROFILE: Profile = Object.freeze({ ...CA, defaultDays: 3650 });

/** Five years, or until the parent expires. */
export const INTERMEDIATE_PROFILE: Profile = Object.freeze({ ...CA, defaultDays: 1825 });

/** For the check of a CA apart from what it is about to issue: every CA can issue an OCSP responder. */
export const ANY_PURPOSE: Profile = Object.freeze({ ...CA, isCa: false });
