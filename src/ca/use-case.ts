/** What the service does for a caller, declared once; who records or counts it observes one event. */

import { PkiError } from '../base/errors.ts';
import type { PrivateKey } from '../keys/key.ts';
import type { IssuanceContext } from './issuance-context.ts';

/** How a use case ends: done, refused because of what the caller gave, or failed by a fault of the service. */
export const OUTCOMES = Object.freeze(['success', 'refused', 'failed'] as const);
export type Outcome = (typeof OUTCOMES)[number];

/** Public facts about a request. Never a key, a body or a credential. */
export interface RequestedFacts {
  /** Name of the profile. */
  readonly profile?: string;
  /** Algorithm of the new key. */
  readonly algorithm?: string;
  readonly days?: number | undefined;
}

/** Public facts about one certificate, request or key. */
export interface IssuedFacts {
  readonly algorithm?: string;
  /** Capital hexadecimal. */
  readonly serial?: string;
  /** Value of the subjectKeyIdentifier. */
  readonly keyIdentifier?: Uint8Array;
  /** OpenSSL one-line form, as is `issuer`. */
  readonly subject?: string;
  readonly issuer?: string;
  /** Number of subject alternative names. */
  readonly names?: number;
}

/** One thing that a use case made, with its new key where it has one. */
export interface Issued {
  readonly facts: IssuedFacts;
  readonly key?: PrivateKey;
}

export interface UseCase<Input, Result> {
  /** Name of the operation for records, such as `certificate/generate`. */
  readonly operation: string;
  readonly requested: (input: Input) => RequestedFacts;
  readonly issued: (result: Result) => readonly Issued[];
  readonly run: (context: IssuanceContext, input: Input) => Promise<Result>;
}

/** Infers the types of a use case from its members. */
export const useCase = <Input, Result>(declaration: UseCase<Input, Result>): UseCase<Input, Result> =>
  declaration;

export interface IssuanceRequested {
  readonly operation: string;
  readonly requested: RequestedFacts;
}

export type IssuanceEvent = IssuanceRequested &
  (
    | { readonly outcome: 'success'; readonly issued: readonly Issued[] }
    | { readonly outcome: 'refused' | 'failed'; readonly error: unknown }
  );

/** Metrics and the audit log are observers. Observers are called one after the other. */
export interface IssuanceObserver {
  /** Called before anything is computed. Throws where nothing may be issued now. */
  begin?(requested: IssuanceRequested): void;
  /**
   * Called once with what happened. The caller gets the result after this has ended; when it rejects, the caller gets
   * its error and the new keys are destroyed.
   */
  end(event: IssuanceEvent): void | Promise<void>;
}

/** Runs a use case under the eyes of `observers`. */
export async function perform<Input, Result>(
  declaration: UseCase<Input, Result>,
  context: IssuanceContext,
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

async function runObserved<Input, Result>(
  { run }: UseCase<Input, Result>,
  context: IssuanceContext,
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

/** An engine that does not work is a fault of the service, every other PkiError is one of the caller. */
const outcomeOf = (error: unknown): 'refused' | 'failed' =>
  error instanceof PkiError && error.code !== 'engine-unavailable' ? 'refused' : 'failed';
