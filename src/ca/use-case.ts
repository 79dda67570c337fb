/** The use cases of the service, each declared once. Audit and metrics observe one event for each use case. */

import { PkiError, SERVICE_FAULTS } from '../base/errors.ts';
import type { KeyPair } from '../keys/key.ts';
import type { IssuanceContext } from './issuance-context.ts';

/** The outcome of a use case: success, refused because of the input, or failed because of a fault of the service. */
export const OUTCOMES = Object.freeze(['success', 'refused', 'failed'] as const);
export type Outcome = (typeof OUTCOMES)[number];

/** Public facts about the requested operation. Never a key, a body or a credential. */
export interface RequestedFacts {
  /** Id or name of the stored authority, as the caller gave it. */
  readonly authority?: string;
  /** Name of the profile. */
  readonly profile?: string;
  /** Algorithm of the new key. */
  readonly algorithm?: string;
  readonly days?: number | undefined;
  /** Form of a file, such as `pkcs12`. */
  readonly form?: string;
  /** The reason of a revocation. */
  readonly reason?: string;
  /** Id of the certificate that is revoked or released, as the caller gave it. */
  readonly certificate?: string;
  /** Its serial number, capital hexadecimal, if the caller gave that. */
  readonly serial?: string;
}

/** Public facts about one certificate, request or key. */
export interface IssuedFacts {
  readonly algorithm?: string;
  /** Capital hexadecimal. */
  readonly serial?: string;
  /** Id in the store. */
  readonly certificate?: string;
  /** Value of the subjectKeyIdentifier. */
  readonly keyIdentifier?: Uint8Array;
  /** OpenSSL one-line form, as is `issuer`. */
  readonly subject?: string;
  readonly issuer?: string;
  /** Number of subject alternative names. */
  readonly names?: number;
  /** Codes of the notes; absent when there is none. */
  readonly notes?: readonly string[];
}

/** One result of a use case, with the secret that it has if there is one. */
export interface Issued {
  readonly facts: IssuedFacts;
  readonly key?: Pick<KeyPair, 'destroy'>;
}

export interface UseCase<Input, Result, Context = IssuanceContext> {
  /** Name of the operation for records, such as `certificate/generate`. */
  readonly operation: string;
  readonly requested: (input: Input) => RequestedFacts;
  readonly issued: (result: Result) => readonly Issued[];
  readonly run: (context: Context, input: Input) => Promise<Result>;
}

/** Infers the types of a use case from its members. */
export const useCase = <Input, Result, Context = IssuanceContext>(
  declaration: UseCase<Input, Result, Context>,
): UseCase<Input, Result, Context> => declaration;

export interface IssuanceRequested {
  readonly operation: string;
  readonly requested: RequestedFacts;
}

export type IssuanceEvent = IssuanceRequested &
  (
    | { readonly outcome: 'success'; readonly issued: readonly Issued[] }
    | { readonly outcome: 'refused' | 'failed'; readonly error: unknown }
  );

/** An observer of use cases, such as the metrics and the audit log. Observers are called one after the other. */
export interface IssuanceObserver {
  /** Called before anything is computed. Throws if nothing may be issued now. */
  begin?(requested: IssuanceRequested): void;
  /**
   * Called once with the outcome. The caller gets the result when this has ended. If it rejects, the caller gets its
   * error, and the new keys are destroyed.
   */
  end(event: IssuanceEvent): void | Promise<void>;
}

/** Runs a use case, and reports it to `observers`. */
export async function perform<Input, Result, Context>(
  declaration: UseCase<Input, Result, Context>,
  context: Context,
  observers: readonly IssuanceObserver[],
  input: Input,
): Promise<Result> {
  const request = { operation: declaration.operation, requested: declaration.requested(input) };
  for (const observer of observers) observer.begin?.(request);
  const result = await runObserved(declaration, context, observers, input, request);
  await withholdUnlessObserved(observers, {
    ...request,
    outcome: 'success',
    issued: declaration.issued(result),
  });
  return result;
}

async function runObserved<Input, Result, Context>(
  { run }: UseCase<Input, Result, Context>,
  context: Context,
  observers: readonly IssuanceObserver[],
  input: Input,
  request: IssuanceRequested,
): Promise<Result> {
  try {
    return await run(context, input);
  } catch (error) {
    for (const observer of observers) await observer.end({ ...request, outcome: outcomeOf(error), error });
    throw error;
  }
}

async function withholdUnlessObserved(
  observers: readonly IssuanceObserver[],
  event: IssuanceEvent & { readonly outcome: 'success' },
): Promise<void> {
  try {
    for (const observer of observers) await observer.end(event);
  } catch (error) {
    for (const { key } of event.issued) key?.destroy();
    throw error;
  }
}

/** A part of the service that does not work is a fault of the service, every other PkiError is one of the caller. */
const outcomeOf = (error: unknown): 'refused' | 'failed' =>
  error instanceof PkiError && !SERVICE_FAULTS.has(error.code) ? 'refused' : 'failed';
