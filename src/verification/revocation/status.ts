import { rfc3339 } from '../../base/clock.ts';

/** What is known of one certificate. */
export type RevocationStatus =
  | { readonly is: 'good'; readonly source: string }
  | {
      readonly is: 'revoked';
      readonly source: string;
      readonly at: Date;
      readonly reason: string | undefined;
    }
  /** `isAbout`: whether some evidence is about the certificate but cannot be used. */
  | { readonly is: 'unknown'; readonly problems: readonly string[]; readonly isAbout: boolean };

/** When evidence is current. */
export interface Currency {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
}

/** Returns why evidence is not current, as a predicate. */
export function currencyFault({ thisUpdate, nextUpdate }: Currency, time: Date): string | undefined {
  if (Number.isNaN(thisUpdate.getTime())) return 'has a thisUpdate that cannot be read';
  if (time < thisUpdate) return `is not valid before ${rfc3339(thisUpdate)}`;
  if (nextUpdate === undefined) return undefined;
  if (Number.isNaN(nextUpdate.getTime())) return 'has a nextUpdate that cannot be read';
  return time > nextUpdate ? `expired at ${rfc3339(nextUpdate)}` : undefined;
}
