import type { CertificateOptions } from '../ca/options.ts';
import type { Profile } from '../ca/profile.ts';
import type { RequestedContent } from '../ca/requested-content.ts';
import type { NotedReading } from '../formats/reading.ts';
import type { Origin } from '../policy/rule.ts';
import type { IdempotencyKey } from '../storage/ports.ts';
import type { SigningAuthority } from './open-authorities.ts';

/** A certificate to be issued: everything that the caller decides has been read. */
export interface SigningOrder {
  readonly signing: SigningAuthority;
  readonly requested: RequestedContent;
  /** Without the requested usages, which are in the options. */
  readonly profile: Profile;
  /** With what the profile adds. */
  readonly options: CertificateOptions;
  /** Without it; the same when absent. */
  readonly requestedOptions?: CertificateOptions | undefined;
  /** Absent when the service itself orders the certificate. */
  readonly origin?: Origin | undefined;
  readonly isDefaultProfile: boolean;
  /** Whether the principal proved that it has the private key. */
  readonly isKeyProven: boolean;
  readonly reading: NotedReading;
  readonly days?: number | undefined;
  readonly pathLength?: number | undefined;
  /** `Principal.id`. */
  readonly principal: string;
  /** For the audit record, such as `certificate/issue`. */
  readonly action: string;
  readonly idempotency?: IdempotencyKey | undefined;
}
