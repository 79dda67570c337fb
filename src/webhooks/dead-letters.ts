/** Messages that could not be delivered, and are not tried any more. */

import { PkiError } from '../base/errors.ts';
import type { Store, Webhook } from '../storage/ports.ts';

export interface DeadLetterPage {
  readonly letters: readonly Webhook[];
  /** Whether more follow the last of them. */
  readonly hasNext: boolean;
}

/** By id, after `after`. */
export async function listDeadLetters(
  store: Pick<Store, 'listDeadWebhooks'>,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<DeadLetterPage> {
  const found = await store.listDeadWebhooks({ limit: limit + 1, ...(after !== undefined && { after }) });
  return { letters: found.slice(0, limit), hasNext: found.length > limit };
}

/** Tries it again, with all attempts. Throws PkiError unknown-webhook. */
export async function retryDeadLetter(
  store: Pick<Store, 'retryWebhook'>,
  { id, principal, now }: { readonly id: string; readonly principal: string; readonly now: Date },
): Promise<void> {
  const audit = {
    at: now,
    action: 'webhook/retry',
    outcome: 'success',
    principal,
    details: { webhook: id },
  } as const;
  if (await store.retryWebhook({ id, now, audit })) return;
  throw new PkiError('unknown-webhook', 'There is no dead letter with this id');
}
