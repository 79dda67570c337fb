/** For each rule of OCSP responses, ResponseData that breaks it. */

import { contextConstructed, octetString, sequence } from '../../src/formats/der/writer.ts';
import { octets } from '../support/crafted.ts';

/** Each part is DER. */
interface ResponseParts {
  readonly version?: Uint8Array;
  readonly responder?: Uint8Array;
  readonly producedAt?: Uint8Array;
  readonly responses?: Uint8Array;
  readonly extensions?: Uint8Array;
}

interface SingleParts {
  readonly hashAlgorithm?: Uint8Array;
  readonly nameHash?: Uint8Array;
  readonly status?: Uint8Array;
  readonly thisUpdate?: Uint8Array;
  /** None for an empty list. */
  readonly nextUpdate?: readonly Uint8Array[];
}

const generalized = (text: string): Uint8Array => octets(`18 0f ${Buffer.from(text).toString('hex')}`);

const NOON = generalized('20260301120000Z');
const LATER = generalized('20260302120000Z');
/** UTCTime 260301120000Z. */
const UTC_NOON = octets(`17 0d ${Buffer.from('260301120000Z').toString('hex')}`);

const SHA1_ALGORITHM = octets('30 09 06 05 2b 0e 03 02 1a 05 00');
const SHA384_ALGORITHM = octets('30 0b 06 09 60 86 48 01 65 03 04 02 02');
const HASH = octetString(new Uint8Array(20));
const GOOD = octets('80 00');

const single = ({
  hashAlgorithm = SHA1_ALGORITHM,
  nameHash = HASH,
  status = GOOD,
  thisUpdate = NOON,
  nextUpdate = [contextConstructed(0, LATER)],
}: SingleParts = {}): Uint8Array =>
  sequence(sequence(hashAlgorithm, nameHash, HASH, octets('02 01 07')), status, thisUpdate, ...nextUpdate);

const response = ({
  version,
  responder = contextConstructed(2, HASH),
  producedAt = NOON,
  responses = sequence(single()),
  extensions,
}: ResponseParts = {}): Uint8Array =>
  sequence(
    ...(version ? [version] : []),
    responder,
    producedAt,
    responses,
    ...(extensions ? [extensions] : []),
  );

const of = (parts: SingleParts): Uint8Array => response({ responses: sequence(single(parts)) });

const revoked = (reason: string): Uint8Array =>
  contextConstructed(1, NOON, ...(reason === '' ? [] : [octets(`a0 03 0a 01 ${reason}`)]));

/** `critical` is `01 01 ff` or nothing. */
const nonce = (value: Uint8Array, critical = ''): Uint8Array =>
  contextConstructed(
    1,
    sequence(sequence(octets('06 09 2b 06 01 05 05 07 30 01 02'), octets(critical), octetString(value))),
  );

/** As in the table of the test. */
const fixtures = <Name extends string>(responses: Readonly<Record<Name, Uint8Array>>) =>
  Object.fromEntries(
    Object.entries<Uint8Array>(responses).map(([name, response]) => [name, { response }]),
  ) as Readonly<Record<Name, { readonly response: Uint8Array }>>;

export const GOOD_RESPONSES = fixtures({
  'a good certificate': response(),
  'two certificates': response({ responses: sequence(single(), single({ status: octets('82 00') })) }),
  'a revoked certificate': of({ status: revoked('') }),
  'a revoked certificate with a reason': of({ status: revoked('01') }),
  'a nonce of the longest length': response({ extensions: nonce(octetString(new Uint8Array(128))) }),
});

export const BROKEN_RESPONSES = fixtures({
  'rfc6960-structure': of({ status: octets('83 00') }),
  'rfc6960-version-absent': response({ version: octets('a0 03 02 01 00') }),
  'rfc9919-responder-by-key': response({ responder: octets('a1 02 30 00') }),
  'rfc6960-responses-not-empty': response({ responses: sequence() }),
  'rfc6960-generalized-time': response({ producedAt: UTC_NOON }),
  'rfc9919-next-update': of({ nextUpdate: [] }),
  'rfc6960-produced-at': of({ thisUpdate: generalized('20260301120001Z') }),
  'rfc6960-cert-id-hashes': of({ hashAlgorithm: SHA384_ALGORITHM }),
  'rfc5280-revocation-reason': of({ status: revoked('08') }),
  'rfc6960-extensions-not-critical': response({
    extensions: nonce(octetString(new Uint8Array(16)), '01 01 ff'),
  }),
  'rfc9654-nonce': response({ extensions: nonce(octetString(new Uint8Array(129))) }),
});
