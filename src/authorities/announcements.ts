/** What receivers outside of the service are told about certificates, in the transaction in which it happens. */

import type { Certificate, NewWebhook, Revocation } from '../storage/ports.ts';

export type Announcement =
  | { readonly type: 'certificate.issued'; readonly at: Date; readonly certificate: Certificate }
  | {
      readonly type: 'certificate.revoked' | 'certificate.released';
      readonly at: Date;
      readonly revocation: Pick<Revocation, 'id' | 'authorityId' | 'serial'>;
      /** Its name (RFC 5280 §5.3.1). */
      readonly reason?: string;
    };

/** Returns the messages of an event, one for each receiver. */
export type Announce = (announcement: Announcement) => readonly NewWebhook[];

export const announceNothing: Announce = () => [];
