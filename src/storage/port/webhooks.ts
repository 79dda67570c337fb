/**
 * The queue of webhooks that several replicas share. A message is written in the transaction of what it reports, and stays
 * until a receiver has it.
 */

import type { AuditEvent } from './audit.ts';

/** A message for one receiver. */
export interface NewWebhook {
  /** Unique. The event and the receiver determine it. */
  readonly id: string;
  /** The same for every receiver and every attempt, so that a receiver can find a message that it has already. */
  readonly eventId: string;
  /** Names the receiver. It contains no secret. */
  readonly destination: string;
  /** Such as `certificate.issued`. */
  readonly type: string;
  /** The text that is sent. */
  readonly body: string;
  readonly createdAt: Date;
}

export interface Webhook extends NewWebhook {
  /** Attempts to deliver it, with the one that runs. */
  readonly attempts: number;
  /** When it may be claimed: the next attempt, or the end of the lease of the present one. */
  readonly nextAttemptAt: Date;
  /** Why the last attempt failed, in words without a secret. */
  readonly fault?: string;
}

export interface WebhookClaim {
  readonly destination: string;
  readonly now: Date;
  /** Until then no other process gets the messages. */
  readonly until: Date;
  readonly limit: number;
}

/** The end of an attempt. `attempts` is that of the claim: a lease that was lost changes nothing. */
export type WebhookSettlement =
  | { readonly id: string; readonly outcome: 'delivered' }
  | {
      readonly id: string;
      readonly outcome: 'retry';
      readonly attempts: number;
      readonly nextAttemptAt: Date;
      readonly fault: string;
    }
  | { readonly id: string; readonly outcome: 'dead'; readonly attempts: number; readonly fault: string };

/** A place up to which something was searched for events, so that each event is found once. */
export interface WebhookMark {
  readonly name: string;
  /** What was read before; absent for a new mark. */
  readonly from?: string;
  readonly to: string;
}

export interface WebhookBatch {
  readonly messages: readonly NewWebhook[];
  readonly mark: WebhookMark;
}

export interface WebhookRetry {
  readonly id: string;
  readonly now: Date;
  readonly audit: AuditEvent;
}

/** Webhooks that no receiver will get. */
export interface OldWebhooks {
  /** Their last attempt was before this time. */
  readonly before: Date;
  /** Names of the receivers. A message that waits for one of them is kept, however old it is. */
  readonly destinations: readonly string[];
  readonly limit: number;
}

export interface WebhookCounts {
  readonly pending: number;
  readonly dead: number;
}

export interface WebhookStore {
  /** Moves the mark and queues the messages. Returns `outdated`, and changes nothing, if another process moved the mark. */
  queueWebhooks(batch: WebhookBatch): Promise<'queued' | 'outdated'>;
  webhookMark(name: string): Promise<string | undefined>;
  /** Whether a message of this receiver can be claimed now. */
  hasDueWebhooks(due: Pick<WebhookClaim, 'destination' | 'now'>): Promise<boolean>;
  /** The oldest first. Each attempt is counted when it begins. */
  claimWebhooks(claim: WebhookClaim): Promise<readonly Webhook[]>;
  settleWebhook(settlement: WebhookSettlement): Promise<void>;
  /** Messages that are not tried any more, by id, after `after`. */
  listDeadWebhooks(page: { readonly after?: string; readonly limit: number }): Promise<readonly Webhook[]>;
  /** Tries a dead message again, with all attempts. Returns false if there is no such dead message. */
  retryWebhook(retry: WebhookRetry): Promise<boolean>;
  /** Deletes dead messages, and those of receivers that are not there any more. Returns how many. */
  forgetWebhooks(old: OldWebhooks): Promise<number>;
  webhookCounts(): Promise<WebhookCounts>;
}
