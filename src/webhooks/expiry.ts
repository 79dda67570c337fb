/** Finds certificates and authorities that expire soon, each once, however many replicas search. */

import { activeCertificate } from '../authorities/active-certificate.ts';
import { ifReadable } from '../base/errors.ts';
import { readStoredCertificate } from '../authorities/stored-certificate.ts';
import type {
  Authority,
  CertificateCursor,
  CertificateSummary,
  Store,
  WebhookMark,
} from '../storage/ports.ts';
import { authorityExpiringEvent, expiringEvent, messagesOf } from './messages.ts';
import type { WebhookSettings } from './receivers.ts';

export interface ExpiryPorts {
  readonly store: Store;
  readonly settings: WebhookSettings;
  /** How many days before the end of its validity a certificate is reported. */
  readonly certificateDays: number;
  readonly authorityDays: number;
}

const DAY = 86_400_000;
const PAGE = 200;
const MARK = 'certificate.expiring';

/**
 * Queues the certificates whose end came nearer than `certificateDays` since the last search. A certificate that was
 * issued for a shorter time is not reported. Rejects with PkiError store-unavailable.
 */
export async function queueExpiring(ports: ExpiryPorts, now: Date): Promise<void> {
  const { store, settings, certificateDays } = ports;
  if (!settings.events.has('certificate.expiring')) return;
  const to = new Date(now.getTime() + certificateDays * DAY);
  const from = await store.webhookMark(MARK);
  // What expires soon at the first start is in the list of what expires; it is no event.
  if (from === undefined) await moveMark(store, { name: MARK, to: placeText({ notAfter: to, id: '' }) });
  else await queuePages({ store, settings }, from, to, now);
}

const moveMark = (store: Store, mark: WebhookMark) => store.queueWebhooks({ messages: [], mark });

async function queuePages(
  { store, settings }: Pick<ExpiryPorts, 'store' | 'settings'>,
  start: string,
  to: Date,
  now: Date,
): Promise<void> {
  let from: string | undefined = start;
  while (from !== undefined) {
    const page = await readPage(store, from, to, now);
    const messages = page.found.flatMap((each) => messagesOf(expiringEvent(each, now), settings.receivers));
    if (page.mark.to === from) return;
    const outcome = await store.queueWebhooks({ messages, mark: page.mark });
    from = outcome === 'queued' && page.found.length === PAGE ? page.mark.to : undefined;
  }
}

interface ExpiringPage {
  readonly found: readonly CertificateSummary[];
  readonly mark: WebhookMark;
}

async function readPage(store: Store, from: string, to: Date, now: Date): Promise<ExpiringPage> {
  const found = await store.searchCertificates({
    filter: { status: 'valid', expiring: { to } },
    now,
    order: 'expiring-first',
    after: placeOf(from),
    limit: PAGE,
  });
  const last = found.length < PAGE ? undefined : found.at(-1);
  const place = last ? placeText(last) : laterOf(from, { notAfter: to, id: '' });
  return { found, mark: { name: MARK, from, to: place } };
}

type Place = Required<Pick<CertificateCursor, 'notAfter' | 'id'>>;

const placeText = ({ notAfter, id }: Place): string => `${notAfter.getTime()} ${id}`;

function placeOf(text: string): CertificateCursor {
  const [time, id = ''] = text.split(' ');
  const notAfter = new Date(Number(time));
  return { notAfter, id, issuedAt: notAfter };
}

/** A clock that was set back moves no mark back. */
const laterOf = (from: string, place: Place): string =>
  (placeOf(from).notAfter ?? new Date(0)) >= place.notAfter ? from : placeText(place);

/** Queues each authority once for each of its certificates. Rejects with PkiError store-unavailable. */
export async function queueExpiringAuthorities(
  { store, settings, authorityDays }: ExpiryPorts,
  authorities: readonly Authority[],
  now: Date,
): Promise<void> {
  if (!settings.events.has('authority.expiring')) return;
  for (const authority of authorities.filter(({ status }) => status === 'enabled')) {
    const keys = await store.listAuthorityKeys(authority.id);
    const key = keys.find(({ state }) => state === 'active');
    if (key === undefined) continue;
    const { certificate } = activeCertificate({ authority, keys });
    const notAfter = ifReadable(() => readStoredCertificate(certificate))?.validity.notAfter;
    // One that was damaged in the store is reported where it is used
    if (notAfter === undefined || notAfter.getTime() - now.getTime() > authorityDays * DAY) continue;
    const name = `authority.expiring ${key.id}`;
    if ((await store.webhookMark(name)) !== undefined) continue;
    const event = authorityExpiringEvent(authority, key.id, notAfter, now);
    const messages = messagesOf(event, settings.receivers);
    await store.queueWebhooks({ messages, mark: { name, to: notAfter.toISOString() } });
  }
}
