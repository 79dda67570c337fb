/** From an order to the key and the names that will be certified. */

import { atMember, PkiError } from '../base/errors.ts';
import type { IssuanceContext } from '../ca/issuance-context.ts';
import {
  ALL_GRANTED,
  contentOfKey,
  readRequestedContent,
  type CertifiedNames,
  type RequestedContent,
} from '../ca/requested-content.ts';
import { encodeSubject, requireName, type SubjectNames } from '../ca/subject.ts';
import type { CertifiableAlgorithmName, KeyPair, PublicKey } from '../keys/key.ts';
import type { NameRules } from '../x509/names/requested-names.ts';
import { encodeGeneralName } from '../x509/names/general-name-encoding.ts';
import type { KeySource, OrderContent } from './order.ts';
import type { CertifiedBefore } from './predecessor.ts';

export interface Requested {
  readonly content: RequestedContent;
  /** Made here: the caller of the use case destroys it. */
  readonly newKey?: KeyPair;
}

/** Makes a new key, or for a preview only its public half. */
export type KeyMaker = (algorithm: CertifiableAlgorithmName) => Promise<NewKey>;

type NewKey = { readonly publicKey: PublicKey } & Partial<KeyPair>;

export interface RequestContext {
  readonly predecessor: CertifiedBefore | undefined;
  readonly makeKey: KeyMaker;
  /** For the names of a CSR. */
  readonly rules: NameRules;
}

/** Throws PkiError at the input. A new key is made last. */
export async function readRequested(
  context: IssuanceContext,
  { key, names, addedNames }: OrderContent,
  { predecessor, makeKey, rules }: RequestContext,
): Promise<Requested> {
  if (key.from === 'csr') {
    const content = await readRequestedContent(context, key.request, addedNames, rules);
    return { content: predecessor ? withNamesOf(predecessor, content) : content };
  }
  const certified = predecessor?.names ?? namesOf(names);
  if (key.from !== 'new-key') return { content: knownKey(context, key, certified, predecessor) };
  const made = await makeKey(key.algorithm);
  const content = { ...certified, publicKey: made.publicKey, ...ALL_GRANTED };
  return isKeyPair(made) ? { content, newKey: made } : { content };
}

const isKeyPair = (key: NewKey): key is KeyPair => key.exportPkcs8 !== undefined && key.destroy !== undefined;

function knownKey(
  context: IssuanceContext,
  key: Extract<KeySource, { readonly from: 'public-key' | 'predecessor' }>,
  names: CertifiedNames,
  predecessor: CertifiedBefore | undefined,
): RequestedContent {
  if (key.from === 'public-key')
    return atMember('publicKey', () => contentOfKey(context, key.publicKey, names));
  if (predecessor === undefined) throw new Error('The order has no predecessor');
  return atMember('renew', () => contentOfKey(context, predecessor.publicKey, names));
}

function namesOf(names: SubjectNames | undefined): CertifiedNames {
  if (names === undefined) throw new Error('The order has no names');
  const subject = requireName(encodeSubject(names));
  return {
    subject: subject.name,
    subjectName: subject.attributes,
    subjectAltNames: subject.subjectAltNames,
  };
}

/** The names of a certificate do not change with its key, so a CSR for it must not ask for others. */
function withNamesOf({ names }: CertifiedBefore, requested: RequestedContent): RequestedContent {
  const known = new Set(names.subjectAltNames.map(nameKey));
  const isSameSubject =
    requested.subjectName.length === 0 || Buffer.compare(requested.subject, names.subject) === 0;
  if (isSameSubject && requested.subjectAltNames.every((name) => known.has(nameKey(name))))
    return { ...requested, ...names };
  throw new PkiError('invalid-csr', 'The names of the CSR must be those of the certificate', ['request']);
}

const nameKey = (name: Parameters<typeof encodeGeneralName>[0]): string =>
  Buffer.from(encodeGeneralName(name)).toString('latin1');
