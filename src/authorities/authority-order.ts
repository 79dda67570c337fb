import type { ReadOptions } from '../ca/options.ts';
import type { ReadNames } from '../ca/subject.ts';
import type { KeyAlgorithmName } from '../keys/key.ts';
import type { Caller } from './context.ts';
import type { RepeatableRequest } from './idempotency.ts';

/** Who signs the certificate of an authority: its own key, an authority of this service, or a CA elsewhere. */
export type AuthorityIssuer =
  | { readonly is: 'self' }
  | { readonly is: 'parent'; readonly reference: string }
  | { readonly is: 'elsewhere' };

/** The certificate of an authority, or the request for it. */
export interface AuthorityOrder {
  readonly algorithm: KeyAlgorithmName;
  readonly issuer: AuthorityIssuer;
  readonly names: ReadNames;
  readonly days?: number | undefined;
  readonly pathLength?: number | undefined;
  readonly options: ReadOptions;
}

export interface NewAuthorityOrder extends AuthorityOrder {
  readonly caller: Caller;
  readonly name: string;
  /** Names of the profiles by which the authority issues; every one when absent. */
  readonly profiles?: readonly string[] | undefined;
  /** Parts of the CRL of each key; one when absent. */
  readonly crlShards?: number | undefined;
  readonly repeatable?: RepeatableRequest | undefined;
}
