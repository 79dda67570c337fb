import type { IssuanceContext } from '../ca/issuance-context.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import type { Store } from '../storage/ports.ts';
import type { Announce } from './announcements.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { OpenAuthorities } from './open-authorities.ts';
import type { IssuancePolicy } from './policy.ts';
import type { PointersFor } from './published-pointers.ts';
import type { StepObserver } from './steps.ts';

/** What the use cases of authorities need. */
export interface AuthorityContext extends IssuanceContext {
  readonly store: Store;
  readonly keyStore: KeyStore;
  readonly policy: IssuancePolicy;
  readonly opened: OpenAuthorities;
  readonly clockGuard: ClockGuard;
  /** The URL of the service for relying parties. */
  readonly publicUrl?: string | undefined;
  /** What the service publishes; absent if it publishes nothing. */
  readonly pointersFor?: PointersFor | undefined;
  readonly announce: Announce;
  /** Ids of reservations of this process that it could neither complete nor abandon. */
  readonly unsettled: Set<string>;
  /** For tests. */
  readonly reached?: StepObserver | undefined;
}

/** Who calls, as far as the use cases need it. */
export interface Caller {
  /** `Principal.id`, or {@link ANONYMOUS}. */
  readonly principal: string;
  /** Whether it may use the certificates of others. */
  readonly readsAll: boolean;
  /** Throws unless the caller may have CA certificates issued. */
  requireCaScope(): void;
}

/** The principal in a service without authentication. */
export const ANONYMOUS = 'anonymous';
