import type {
  NewWebhook,
  OldWebhooks,
  Webhook,
  WebhookBatch,
  WebhookClaim,
  WebhookCounts,
  WebhookMark,
  WebhookRetry,
  WebhookSettlement,
} from '../port/webhooks.ts';
import type { TextPage } from './authorities.ts';
import { integer, moment, optional, text } from './columns.ts';
import { Conditions } from './conditions.ts';
import { audit, first, insert, run, type Row, type Transaction } from './transaction.ts';

/** In the transaction of what they report. */
export function* insertWebhooks(messages: readonly NewWebhook[] = []): Transaction<void> {
  for (const message of messages)
    yield* insert(
      'webhooks',
      {
        id: message.id,
        event_id: message.eventId,
        destination: message.destination,
        type: message.type,
        body: message.body,
        created_at: message.createdAt.getTime(),
        state: 'pending',
        attempts: 0,
        next_attempt_at: message.createdAt.getTime(),
      },
      'ON CONFLICT DO NOTHING',
    );
}

export function* queueWebhooks({ messages, mark }: WebhookBatch): Transaction<'queued' | 'outdated'> {
  if (!(yield* moveMark(mark))) return 'outdated';
  yield* insertWebhooks(messages);
  return 'queued';
}

function* moveMark({ name, from, to }: WebhookMark): Transaction<boolean> {
  const rows =
    from === undefined
      ? yield* insert('webhook_marks', { name, place: to }, 'ON CONFLICT DO NOTHING RETURNING name')
      : yield* run(
          'UPDATE webhook_marks SET place = $3 WHERE name = $1 AND place = $2 RETURNING name',
          name,
          from,
          to,
        );
  return rows.length === 1;
}

export function* webhookMark(name: string): Transaction<string | undefined> {
  const row = yield* first('SELECT place FROM webhook_marks WHERE name = $1', name);
  return row && text(row, 'place');
}

export function* hasDueWebhooks({
  destination,
  now,
}: Pick<WebhookClaim, 'destination' | 'now'>): Transaction<boolean> {
  const row = yield* first(
    `SELECT id FROM webhooks WHERE state = 'pending' AND destination = $1 AND next_attempt_at <= $2 LIMIT 1`,
    destination,
    now.getTime(),
  );
  return row !== undefined;
}

/** The outer condition is checked again after a wait for another process, which then has the message. */
export function* claimWebhooks(claim: WebhookClaim): Transaction<readonly Webhook[]> {
  const rows = yield* run(
    `UPDATE webhooks SET attempts = attempts + 1, next_attempt_at = $3
     WHERE state = 'pending' AND next_attempt_at <= $2 AND id IN (
       SELECT id FROM webhooks WHERE state = 'pending' AND destination = $1 AND next_attempt_at <= $2
       ORDER BY next_attempt_at, id LIMIT $4)
     RETURNING *`,
    claim.destination,
    claim.now.getTime(),
    claim.until.getTime(),
    claim.limit,
  );
  return rows.map(webhookOf).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

export function* settleWebhook(settlement: WebhookSettlement): Transaction<void> {
  if (settlement.outcome === 'delivered') {
    yield* run('DELETE FROM webhooks WHERE id = $1', settlement.id);
    return;
  }
  const { id, attempts, outcome, fault } = settlement;
  yield* run(
    `UPDATE webhooks SET state = $3, fault = $4, next_attempt_at = COALESCE($5, next_attempt_at)
     WHERE id = $1 AND attempts = $2 AND state = 'pending'`,
    id,
    attempts,
    outcome === 'dead' ? 'dead' : 'pending',
    fault,
    outcome === 'dead' ? null : settlement.nextAttemptAt.getTime(),
  );
}

export function* listDeadWebhooks({ after = '', limit }: TextPage): Transaction<readonly Webhook[]> {
  const rows = yield* run(
    `SELECT * FROM webhooks WHERE state = 'dead' AND id > $1 ORDER BY id LIMIT $2`,
    after,
    limit,
  );
  return rows.map(webhookOf);
}

export function* retryWebhook({ id, now, audit: event }: WebhookRetry): Transaction<boolean> {
  const row = yield* first(
    `UPDATE webhooks SET state = 'pending', attempts = 0, next_attempt_at = $2
     WHERE id = $1 AND state = 'dead' RETURNING id`,
    id,
    now.getTime(),
  );
  if (row === undefined) return false;
  yield* audit(event);
  return true;
}

export function* forgetWebhooks({ before, destinations, limit }: OldWebhooks): Transaction<number> {
  const conditions = new Conditions();
  conditions.add('next_attempt_at < $', before.getTime());
  const kept = destinations.map((name) => conditions.parameter(name)).join(', ');
  conditions.addText(kept === '' ? 'TRUE' : `(state = 'dead' OR destination NOT IN (${kept}))`);
  const most = conditions.parameter(limit);
  const rows = yield* run(
    `DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks ${conditions.where} LIMIT ${most}) RETURNING id`,
    ...conditions.values,
  );
  return rows.length;
}

export function* webhookCounts(): Transaction<WebhookCounts> {
  const rows = yield* run('SELECT state, count(*) AS number FROM webhooks GROUP BY state');
  const counts = new Map(rows.map((row) => [text(row, 'state'), integer(row, 'number')]));
  return { pending: counts.get('pending') ?? 0, dead: counts.get('dead') ?? 0 };
}

const webhookOf = (row: Row): Webhook => ({
  id: text(row, 'id'),
  eventId: text(row, 'event_id'),
  destination: text(row, 'destination'),
  type: text(row, 'type'),
  body: text(row, 'body'),
  createdAt: moment(row, 'created_at'),
  attempts: integer(row, 'attempts'),
  nextAttemptAt: moment(row, 'next_attempt_at'),
  ...optional('fault', row, 'fault', text),
});
