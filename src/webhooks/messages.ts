/** The texts of webhooks. They contain public facts only. */

import { hash, randomUUID } from 'node:crypto';
import type { Announce, Announcement } from '../authorities/announcements.ts';
import { rfc3339 } from '../base/clock.ts';
import type { Authority, Certificate, CertificateSummary, NewWebhook } from '../storage/ports.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import type { Receiver, WebhookEvent, WebhookSettings } from './receivers.ts';

export interface Event {
  readonly id: string;
  readonly type: WebhookEvent;
  readonly at: Date;
  readonly data: object;
}

/** The messages of an event, one for each receiver. */
export const messagesOf = (
  { id: eventId, type, at, data }: Event,
  receivers: readonly Receiver[],
): readonly NewWebhook[] => {
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  return receivers.map(({ name }) => ({
    id: idOf(eventId, name),
    eventId,
    destination: name,
    type,
    body,
    createdAt: at,
  }));
};

/** The same event has the same messages, so a retry of its transaction queues them once. */
const idOf = (eventId: string, destination: string): string =>
  hash('sha256', `${eventId} ${destination}`).slice(0, 32);

export const announcing =
  ({ receivers, events }: WebhookSettings): Announce =>
  (announcement) =>
    events.has(announcement.type) ? messagesOf(eventOf(announcement), receivers) : [];

function eventOf(announcement: Announcement): Event {
  const { type, at } = announcement;
  if (announcement.type === 'certificate.issued') {
    const { certificate } = announcement;
    return { id: `issued-${certificate.id}`, type, at, data: certificateData(certificate) };
  }
  const { revocation, reason } = announcement;
  return {
    id: randomUUID(),
    type,
    at,
    data: {
      certificate_id: revocation.id,
      authority_id: revocation.authorityId,
      serial_number: formatSerialNumber(revocation.serial),
      ...(reason !== undefined && { reason, is_final: reason !== 'certificateHold' }),
    },
  };
}

export const expiringEvent = (certificate: CertificateSummary, at: Date): Event => ({
  id: `expiring-${certificate.id}`,
  type: 'certificate.expiring',
  at,
  data: certificateData(certificate),
});

export const authorityExpiringEvent = (
  authority: Authority,
  keyId: string,
  notAfter: Date,
  at: Date,
): Event => ({
  id: `expiring-${keyId}`,
  type: 'authority.expiring',
  at,
  data: {
    authority_id: authority.id,
    name: authority.name,
    authority_key_id: keyId,
    not_after: rfc3339(notAfter),
  },
});

const certificateData = (certificate: CertificateSummary | Certificate) => ({
  certificate_id: certificate.id,
  authority_id: certificate.authorityId,
  serial_number: formatSerialNumber(certificate.serial),
  subject: certificate.subject,
  not_before: rfc3339(certificate.notBefore),
  not_after: rfc3339(certificate.notAfter),
  sha256: Buffer.from(certificate.sha256).toString('hex'),
  profile: certificate.profile,
  principal: certificate.principal,
});
