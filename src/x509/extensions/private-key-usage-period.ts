import { rfc3339 } from '../../base/clock.ts';
import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { decodeTime } from '../../formats/der/time.ts';
import { TAG } from '../../formats/der/writer.ts';
import { invalidExtension, openExtension } from './extension.ts';

/** PrivateKeyUsagePeriod ::= SEQUENCE { notBefore [0], notAfter [1] GeneralizedTime OPTIONAL } (RFC 3280 §4.2.1.4) */
export function describePrivateKeyUsagePeriod(value: Der): string[] {
  const reader = openExtension('PrivateKeyUsagePeriod', value);
  const notBefore = reader.optionalElement('notBefore', 0x80);
  const notAfter = reader.optionalElement('notAfter', 0x81);
  reader.end();
  return [
    ...(notBefore ? [`not before ${formatTime(notBefore)}`] : []),
    ...(notAfter ? [`not after ${formatTime(notAfter)}`] : []),
  ];
}

function formatTime({ contents }: DerElement): string {
  const time = decodeTime(TAG.generalizedTime, contents);
  if (time === undefined) throw invalidExtension('PrivateKeyUsagePeriod must consist of GeneralizedTimes');
  return rfc3339(time);
}
