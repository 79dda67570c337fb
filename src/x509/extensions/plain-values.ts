/** Extensions whose value is one primitive value. */

import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { knownExtensionOid as known } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import { invalidExtension } from './extension.ts';
import { primitiveText } from './primitive-text.ts';

type Describe = (value: Der) => string[];

const plain =
  (...tags: readonly number[]): Describe =>
  (value) => {
    const element = elementOf(value);
    if (tags.includes(element.tag)) return [primitiveText(element)];
    throw invalidExtension('The value does not have the type of the extension');
  };

/** NULL: what the extension says is in its name. */
const flag =
  (line: string): Describe =>
  (value) => {
    plain(TAG.null)(value);
    return [line];
  };

const URL = plain(TAG.ia5String);
const TEXT = plain(TAG.utf8String, TAG.printableString, TAG.bmpString, TAG.teletexString, TAG.ia5String);

/** Describers by OID. */
export const PLAIN_VALUES: readonly (readonly [oid: string, describe: Describe])[] = [
  [known.cRLNumber, plain(TAG.integer)],
  [extensionOid.deltaCRLIndicator, plain(TAG.integer)],
  [known.holdInstructionCode, plain(TAG.objectIdentifier)],
  [known.invalidityDate, plain(TAG.generalizedTime)],
  [known.dateOfCertGen, plain(TAG.generalizedTime)],
  [known.sOAIdentifier, flag('source of authority')],
  [known.indirectIssuer, flag('indirect issuer')],
  [known.noAssertion, flag('no assertion')],
  [known.singleUse, flag('single use')],
  [known.groupAC, flag('group attribute certificate')],
  [known.tlsDelegationUsage, flag('delegated credentials are allowed')],
  [known.precertificatePoison, flag('precertificate: not for use')],
  [known.acmeIdentifier, plain(TAG.octetString)],
  [known.mudURL, plain(TAG.ia5String)],
  [known.ocspNonce, plain(TAG.octetString)],
  [known.ocspArchiveCutoff, plain(TAG.generalizedTime)],
  [known.netscapeBaseUrl, URL],
  [known.netscapeRevocationUrl, URL],
  [known.netscapeCaRevocationUrl, URL],
  [known.netscapeRenewalUrl, URL],
  [known.netscapeCaPolicyUrl, URL],
  [known.netscapeSslServerName, URL],
  [known.msCertificateTemplateName, TEXT],
  [known.msPreviousCertificateHash, plain(TAG.octetString)],
  [known.msCrlVirtualBase, plain(TAG.integer)],
  [known.msNextCrlPublish, plain(TAG.utcTime, TAG.generalizedTime)],
  [known.pivInterim, plain(TAG.boolean)],
  [known.subjectSignTool, TEXT],
  [known.yubicoSerialNumber, plain(TAG.integer)],
  [known.fidoAaguid, plain(TAG.octetString)],
  [known['fulcioIssuer-v2'], TEXT],
  [known.appleDeveloperIdDate, TEXT],
];
