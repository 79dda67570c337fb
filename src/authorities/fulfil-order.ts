/** Fulfils the order of a certificate, or shows what it would give. */

import { PkiError } from '../base/errors.ts';
import { atKey } from '../ca/given-key.ts';
import { publishedKeyNotes } from '../ca/issuance-notes.ts';
import { placeholderKey } from '../ca/placeholder-key.ts';
import { previewCertificate, type Preview } from '../ca/preview.ts';
import type { Profile } from '../ca/profile.ts';
import { ALL_GRANTED, notGranted, type NotGranted } from '../ca/requested-content.ts';
import type { NameRules } from '../x509/names/requested-names.ts';
import { extendedKeyUsageOid } from '../formats/oids.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { keyIdOf } from './certificate-row.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import type { AuthorityContext } from './context.ts';
import { keyOf, replayedResult } from './idempotency.ts';
import { issue, type Issuance } from './issue.ts';
import { chainOf, issuedBefore, type IssuedOrder } from './issued-order.ts';
import type { SigningAuthority } from './open-authorities.ts';
import { notesOfIssuance, notesOn, pathOfKey } from './order-notes.ts';
import { originOf } from './order-origin.ts';
import type { KeySource, Order, OrderContent } from './order.ts';
import { readPredecessor, type CertifiedBefore } from './predecessor.ts';
import { approve } from './proposal.ts';
import { compromisedKey, unknownCertificate } from './refusals.ts';
import { readRequested, type KeyMaker, type Requested } from './requested.ts';
import { OutdatedAuthorityError, RepeatedRequestError } from './reserve.ts';
import type { SigningOrder } from './signing-order.ts';

/** Throws PkiError. A repeated request gets the result of the first one, without a private key. */
export async function fulfil(context: AuthorityContext, order: Order): Promise<IssuedOrder> {
  const idempotency = keyOf(order.caller.principal, order.repeatable);
  const conflict = idempotency && (await context.store.findIdempotent(idempotency));
  // One that still runs, or was lost, is decided by the reservation.
  if (conflict !== undefined && conflict.outcome !== 'in-progress')
    return replay(context, order, replayedResult(conflict));
  const { signing, content, requested, terms } = await read(context, order, (algorithm) =>
    context.keys.generatePair(algorithm),
  );
  try {
    const signingOrder = { ...terms, signing, requested: requested.content, idempotency };
    const issued = await atKey(pathOfKey(content.key), () => issueOrRepeat(context, order, signingOrder));
    if (typeof issued !== 'string') return issuedOrder(content.key, issued, requested);
    requested.newKey?.destroy();
    return await replay(context, order, issued);
  } catch (error) {
    requested.newKey?.destroy();
    throw error;
  }
}

/** Nothing is signed, reserved or stored, and no key is made. Throws PkiError. */
export async function previewOrder(context: AuthorityContext, order: Order): Promise<Preview> {
  const { signing, content, requested, terms } = await read(context, order, async (algorithm) => ({
    publicKey: placeholderKey(algorithm),
  }));
  return atKey(pathOfKey(content.key), async () => {
    const signingOrder = { ...terms, signing, requested: requested.content };
    const keyId = keyIdOf(requested.content.publicKey);
    if (await context.store.isKeyCompromised({ keyId, principal: terms.principal })) throw compromisedKey();
    const { granted } = await approve(context, signingOrder, context.clock());
    return previewCertificate(signing.signer, granted.content, content.key.from === 'new-key');
  });
}

interface ReadOrder {
  readonly signing: SigningAuthority;
  readonly content: OrderContent;
  readonly requested: Requested;
  readonly terms: Omit<SigningOrder, 'signing' | 'requested'>;
}

async function read(context: AuthorityContext, order: Order, makeKey: KeyMaker): Promise<ReadOrder> {
  const { caller, predecessor } = order;
  const signing = await context.opened.signing(order.authority);
  const before =
    predecessor && (await readPredecessor(context.store, predecessor, signing.authority.id, caller));
  const profile = await profileOf(context, order, before);
  if (speaksForAuthority(profile)) caller.requireCaScope();
  const content = order.content();
  const rules = rulesOf(content, profile);
  const requested = await readRequested(context, content, { predecessor: before, makeKey, rules });
  const { days, pathLength, isDefaultProfile } = order;
  const draft = { options: content.options, content: requested.content, hasFixedNames: before !== undefined };
  const completed = await context.policy.complete(profile, draft);
  const terms = {
    profile,
    isDefaultProfile,
    isKeyProven: isProven(content.key, before),
    options: completed.options,
    requestedOptions: content.options,
    origin: originOf(order, content),
    reading: content.reading,
    days,
    pathLength,
    principal: caller.principal,
    action: ACTION,
  };
  return { signing, content, requested: { ...requested, content: completed.content }, terms };
}

/** A CSR has the signature of the key, and a new key is given to the caller. */
const isProven = ({ from }: KeySource, before: CertifiedBefore | undefined): boolean =>
  from === 'predecessor' ? before?.isKeyProven === true : from !== 'public-key';

/** A CA, and an OCSP responder: its key says which certificates of the authority are revoked (RFC 6960 §4.2.2.2). */
const speaksForAuthority = ({ isCa, extendedKeyUsage }: Profile): boolean =>
  isCa || extendedKeyUsage.includes(extendedKeyUsageOid.OCSPSigning);

const ACTION = 'certificate/issue';

async function profileOf(
  { policy }: AuthorityContext,
  { profile }: Order,
  before: CertifiedBefore | undefined,
): Promise<Profile> {
  const chosen = profile ?? (before && (await policy.profile(before.profile)));
  if (chosen !== undefined) return chosen;
  throw new PkiError(
    'invalid-profile',
    `The profile of the certificate, ${before?.profile}, does not exist any more`,
  );
}

/** Returns the id of the first result for a repeated request. Reads the authority again if it was changed. */
async function issueOrRepeat(
  context: AuthorityContext,
  order: Order,
  signingOrder: SigningOrder,
): Promise<(Issuance & { readonly order: SigningOrder }) | string> {
  try {
    return { ...(await issue(context, signingOrder)), order: signingOrder };
  } catch (error) {
    if (error instanceof RepeatedRequestError) return replayedResult(error.conflict);
    if (!(error instanceof OutdatedAuthorityError)) throw error;
    context.opened.forget();
    const current = { ...signingOrder, signing: await context.opened.signing(order.authority) };
    return { ...(await issue(context, current)), order: current };
  }
}

function issuedOrder(
  key: KeySource,
  { id, certificate: issued, order }: Issuance & { readonly order: SigningOrder },
  { newKey }: Requested,
): IssuedOrder {
  const { higherCertificates: _, notes, ...certificate } = issued;
  return {
    ...certificate,
    id,
    authorityId: order.signing.authority.id,
    profile: order.profile.name,
    profileVersion: order.profile.version,
    chain: order.signing.delivered,
    notes: [...notesOfIssuance(notes, key), ...notesOn(key, false)],
    key: newKey,
    isReplay: false,
  };
}

async function replay({ store, policy }: AuthorityContext, order: Order, id: string): Promise<IssuedOrder> {
  const stored = await store.getCertificate(id);
  if (stored === undefined) throw unknownCertificate([]);
  const keys = await store.listAuthorityKeys(stored.authorityId);
  const [issuer, ...above] = chainOf(keys.find((key) => key.id === stored.authorityKeyId) ?? { chain: [] });
  if (issuer === undefined) throw unknownCertificate([]);
  const content = order.content();
  const { key, reading } = content;
  const { subjectPublicKeyInfo } = readStoredCertificate(stored.der);
  return {
    ...issuedBefore(stored, issuer),
    id,
    authorityId: stored.authorityId,
    profile: stored.profile,
    profileVersion: stored.profileVersion,
    ...notGrantedOf(content, await policy.profile(stored.profile)),
    chain: [issuer, ...above],
    notes: [
      ...reading.notes,
      ...publishedKeyNotes(readPublicKey(subjectPublicKeyInfo), pathOfKey(key)),
      ...notesOn(key, true),
    ],
    isReplay: true,
  };
}

/** The same as for the first request, because the CSR is the same. */
const notGrantedOf = (content: OrderContent, profile: Profile | undefined): NotGranted =>
  content.key.from === 'csr' ? notGranted(content.key.request, rulesOf(content, profile)) : ALL_GRANTED;

const rulesOf = ({ allowUnderscore, reading }: OrderContent, profile: Profile | undefined): NameRules => ({
  otherNames: profile?.otherNames ?? [],
  allowUnderscore,
  reading: reading.at('request'),
});
