/** A new certificate as the store keeps it, and its audit record. */

import { hash } from 'node:crypto';
import type { PublicKey } from '../keys/key.ts';
import type { AuditEvent, Certificate, CertificateName, Completion } from '../storage/ports.ts';
import { formatGeneralName } from '../x509/names/general-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { formatOneLine, formatRfc4514 } from '../x509/names/name-text.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import type { Announce } from './announcements.ts';
import type { Approved } from './proposal.ts';
import type { SigningOrder } from './signing-order.ts';

export interface NewCertificate extends Approved {
  readonly id: string;
  readonly order: SigningOrder;
  readonly der: Uint8Array;
  readonly now: Date;
}

export function completionOf(issued: NewCertificate, announce: Announce): Completion {
  const certificate = certificateRow(issued);
  const webhooks = announce({ type: 'certificate.issued', at: issued.now, certificate });
  return { certificate, audit: auditOf(issued, certificate), webhooks };
}

function certificateRow({ id, order, granted, profile, der, now }: NewCertificate): Certificate {
  const { requested, content } = granted;
  return {
    id,
    authorityId: order.signing.authority.id,
    authorityKeyId: order.signing.key.id,
    serial: content.serialNumber,
    sha256: hash('sha256', der, 'buffer'),
    subject: formatRfc4514(requested.subjectName),
    names: requested.subjectAltNames.map(nameRow),
    ...content.validity,
    issuedAt: now,
    profile: profile.name,
    profileVersion: profile.version,
    keyId: keyIdOf(requested.publicKey),
    keyAlgorithm: requested.publicKey.algorithm,
    isAuthority: profile.isCa,
    principal: order.principal,
    // In a buffer of its own: a message to a thread copies the whole buffer, which can be the pool of Node.js.
    der: new Uint8Array(der),
  };
}

/** SHA-256 of the SubjectPublicKeyInfo. */
export const keyIdOf = ({ spki }: PublicKey): Uint8Array => hash('sha256', spki, 'buffer');

/** `DNS:www.example.com` without its prefix. */
export function nameRow(name: GeneralName): CertificateName {
  const text = formatGeneralName(name);
  return { type: name.kind.toLowerCase(), value: text.slice(text.indexOf(':') + 1) };
}

function auditOf({ order, granted, now }: NewCertificate, row: Certificate): AuditEvent {
  const { authority, key } = order.signing;
  return {
    at: now,
    action: order.action,
    outcome: 'success',
    principal: order.principal,
    details: {
      certificate: row.id,
      authority: authority.id,
      authorityName: authority.name,
      authorityKey: key.id,
      serial: formatSerialNumber(row.serial),
      sha256: Buffer.from(row.sha256).toString('hex'),
      subject: formatOneLine(granted.requested.subjectName),
      names: row.names.length,
      notAfter: row.notAfter.toISOString(),
      profile: row.profile,
      profileVersion: row.profileVersion,
      algorithm: row.keyAlgorithm,
    },
  };
}
