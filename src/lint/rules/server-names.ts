/** The names of servers (RFC 9525), for certificates that were received. */

import { extendedKeyUsageOid } from '../../formats/oids.ts';
import { formatIpAddress } from '../../x509/names/ip-address.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView } from '../views.ts';

const COMMON_NAME = '2.5.4.3';

const isServer = (view: CertificateView): boolean =>
  !view.isCa && view.hasPurpose(extendedKeyUsageOid.serverAuth);

/** The texts of the names that a server can have, in lower case. */
const serverNames = (view: CertificateView): ReadonlySet<string> =>
  new Set(
    (view.value('subjectAltName') ?? []).flatMap((name) => {
      if (name.kind === 'IP') return [formatIpAddress(name.octets)];
      return name.kind === 'DNS' ? [name.value.toLowerCase()] : [];
    }),
  );

/** Whether each common name is one of the alternative names. */
export function hasKnownCommonNames(view: CertificateView): boolean {
  const names = serverNames(view);
  return view.subjectName
    .flat()
    .filter(({ type }) => type === COMMON_NAME)
    .every(({ value }) => names.has(value.toLowerCase()));
}

export const SERVER_RULES = rulesWith<CertificateView>()(
  { severity: 'warning', only: 'received', applies: isServer },
  {
    id: 'rfc9525-server-names',
    clause: 'RFC 9525 §2',
    where: 'extensions.subjectAltName',
    requires: 'The certificate of a server should have its names in subjectAltName',
    check: (view) => view.has('subjectAltName'),
  },
  {
    id: 'cabf-common-name-in-names',
    clause: 'CA/Browser Forum BR §7.1.4.3',
    where: 'subject',
    requires: 'The common name of a server should be one of its alternative names',
    check: hasKnownCommonNames,
  },
);
