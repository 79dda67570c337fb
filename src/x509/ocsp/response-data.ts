/** Reads ResponseData (`response-writer.ts` has the ASN.1), as the linter and the verification see it. */

import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { readExtensions, type Extension } from '../extensions/extension.ts';
import { readCertId, type CertId } from './cert-id.ts';

const BY_NAME = 0xa1;
export const BY_KEY = 0xa2;

/** A time as it is encoded. */
export type EncodedTime = Pick<DerElement, 'tag' | 'contents'>;

export interface ReadSingleResponse {
  readonly certId: CertId;
  /** The tag of the CHOICE: 0x80 good, 0xa1 revoked, 0x82 unknown. */
  readonly statusTag: number;
  readonly revocationTime: EncodedTime | undefined;
  readonly revocationReason: number | undefined;
  readonly thisUpdate: EncodedTime;
  readonly nextUpdate: EncodedTime | undefined;
  readonly extensions: readonly Extension[];
}

export interface ResponseData {
  /** Undefined when absent: v1, which is 0. */
  readonly version: Uint8Array | undefined;
  /** The tag of the CHOICE, and the value inside. */
  readonly responderTag: typeof BY_NAME | typeof BY_KEY;
  readonly responder: DerElement;
  readonly producedAt: EncodedTime;
  readonly responses: readonly ReadSingleResponse[];
  readonly extensions: readonly Extension[];
}

/** Throws PkiError. */
export function readResponseData(der: Der): ResponseData {
  const reader = openSequence(der, { name: 'ResponseData', code: 'invalid-der' });
  const version = readVersion(reader.optionalStructure('version', 0xa0));
  const responderTag = reader.isNext(BY_NAME) ? BY_NAME : BY_KEY;
  const responderId = reader.structure('responderID', responderTag);
  const responder = responderId.element('responderID');
  responderId.end();
  const producedAt = reader.element('producedAt');
  const responses = readResponses(reader.structure('responses'));
  const extensions = readOptionalExtensions(reader, 'responseExtensions');
  reader.end();
  return {
    version,
    responderTag,
    responder,
    producedAt,
    responses,
    extensions,
  };
}

/** Returns the contents of the INTEGER. */
function readVersion(explicit: StructureReader | undefined): Uint8Array | undefined {
  const version = explicit?.element('version', TAG.integer).contents;
  explicit?.end();
  return version;
}

function readResponses(list: StructureReader): readonly ReadSingleResponse[] {
  const responses: ReadSingleResponse[] = [];
  while (list.hasMore) responses.push(readSingleResponse(list.structure('SingleResponse')));
  return responses;
}

function readSingleResponse(reader: StructureReader): ReadSingleResponse {
  const certId = readCertId(reader, 'certID');
  const revoked = reader.optionalStructure('certStatus', 0xa1);
  const status = revoked ? { statusTag: 0xa1, ...readRevoked(revoked) } : readOther(reader);
  const thisUpdate = reader.element('thisUpdate');
  const explicit = reader.optionalStructure('nextUpdate', 0xa0);
  const nextUpdate = explicit?.element('nextUpdate');
  explicit?.end();
  const extensions = readOptionalExtensions(reader, 'singleExtensions');
  reader.end();
  return { certId, ...status, thisUpdate, nextUpdate, extensions };
}

type Status = Pick<ReadSingleResponse, 'statusTag' | 'revocationTime' | 'revocationReason'>;

function readOther(reader: StructureReader): Status {
  const { tag, contents } = reader.element('certStatus');
  if ((tag !== 0x80 && tag !== 0x82) || contents.length > 0)
    throw reader.fault('certStatus', 'must be good, revoked or unknown');
  return { statusTag: tag, revocationTime: undefined, revocationReason: undefined };
}

function readRevoked(revoked: StructureReader): Omit<Status, 'statusTag'> {
  const revocationTime = revoked.element('revocationTime');
  const explicit = revoked.optionalStructure('revocationReason', 0xa0);
  const reason = explicit?.element('revocationReason', TAG.enumerated).contents;
  explicit?.end();
  revoked.end();
  return { revocationTime, revocationReason: reason?.[0] };
}

function readOptionalExtensions(reader: StructureReader, member: string): readonly Extension[] {
  const explicit = reader.optionalStructure(member, 0xa1);
  if (explicit === undefined) return [];
  const extensions = readExtensions(explicit.structure('Extensions'));
  explicit.end();
  return extensions;
}
