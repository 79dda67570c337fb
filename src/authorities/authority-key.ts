/** A new key of an authority: made in the key store, then certified or prepared for certification. */

import { atMemberAsync, PkiError } from '../base/errors.ts';
import { requesting } from '../ca/create-csr.ts';
import { contentOfKey } from '../ca/requested-content.ts';
import { selfSigning } from '../ca/self-signed.ts';
import { encodeSubject, requireNonEmptySubject } from '../ca/subject.ts';
import { createReading } from '../formats/reading.ts';
import type { KeyIdentity } from '../key-store/key-store.ts';
import type { Signer } from '../keys/key.ts';
import type { NewAuthorityKey } from '../storage/ports.ts';
import type { AuthorityOrder } from './authority-order.ts';
import { INTERMEDIATE_PROFILE, ROOT_PROFILE } from './authority-profile.ts';
import type { AuthorityContext } from './context.ts';
import { issue } from './issue.ts';
import type { SigningAuthority } from './open-authorities.ts';

/** What is made for a key: a certificate with those above it, or a CSR. */
type Certified = Pick<NewAuthorityKey, 'state' | 'certificate' | 'chain' | 'csr'>;

export interface MadeKey {
  readonly key: NewAuthorityKey;
  /** The authority here that signed the certificate. */
  readonly parent?: SigningAuthority | undefined;
}

/** Throws PkiError. When it throws, or when the key cannot be stored, the key must be forgotten. */
export async function makeAuthorityKey(
  context: AuthorityContext,
  identity: KeyIdentity,
  order: AuthorityOrder,
  principal: string,
): Promise<MadeKey> {
  const createdAt = await context.clockGuard.now();
  const parent = await parentOf(context, order);
  const certify = certifying(context, order, parent, principal);
  const { signer, material } = await context.keyStore.generate(identity, order.algorithm);
  const { publicKey } = signer;
  return {
    parent,
    key: {
      id: identity.keyId,
      algorithm: publicKey.algorithm,
      publicKey: publicKey.spki,
      createdAt,
      ...material,
      ...(await certify(signer)),
    },
  };
}

const parentOf = async (
  { opened }: AuthorityContext,
  { issuer }: AuthorityOrder,
): Promise<SigningAuthority | undefined> =>
  issuer.is === 'parent' ? atMemberAsync('parent', () => opened.signing(issuer.reference)) : undefined;

/** Reads and checks the order before a key is made, as far as that is possible. */
function certifying(
  context: AuthorityContext,
  order: AuthorityOrder,
  parent: SigningAuthority | undefined,
  principal: string,
): (signer: Signer) => Promise<Certified> {
  if (parent !== undefined) return (signer) => certifyBelow(context, order, parent, { signer, principal });
  return order.issuer.is === 'elsewhere' ? requestElsewhere(context, order) : certifySelf(context, order);
}

function certifySelf(
  context: AuthorityContext,
  order: AuthorityOrder,
): (signer: Signer) => Promise<Certified> {
  const sign = selfSigning(context, { ...order, profile: ROOT_PROFILE });
  return async (signer) => {
    const { certificate } = await sign(signer);
    return { state: 'active', certificate, chain: [] };
  };
}

function requestElsewhere(
  context: AuthorityContext,
  { algorithm, names, pathLength, options }: AuthorityOrder,
): (signer: Signer) => Promise<Certified> {
  const wish = { profile: INTERMEDIATE_PROFILE, pathLength, options };
  const { request } = requesting(context, { algorithm, names, wish });
  return async (signer) => ({ state: 'pending', csr: await request(signer), chain: [] });
}

/** The certificate is one of those that the parent issued, reserved and stored like the others. */
async function certifyBelow(
  context: AuthorityContext,
  { names, options, days, pathLength }: AuthorityOrder,
  signing: SigningAuthority,
  { signer, principal }: { readonly signer: Signer; readonly principal: string },
): Promise<Certified> {
  const { name, attributes, subjectAltNames } = requireNonEmptySubject(encodeSubject(names()));
  const requested = contentOfKey(context, signer.publicKey, {
    subject: name,
    subjectName: attributes,
    subjectAltNames,
  });
  const { certificate } = await atParent(() =>
    issue(context, {
      signing,
      requested,
      profile: INTERMEDIATE_PROFILE,
      options: options(),
      isDefaultProfile: false,
      isKeyProven: true,
      reading: createReading({ isStrict: true }),
      days,
      pathLength,
      principal,
      action: 'authority/certify',
    }),
  );
  const { certificate: above, chain } = signing.key;
  return {
    state: 'active',
    certificate: certificate.certificate,
    chain: [...(above ? [above] : []), ...chain],
  };
}

/** Whether a CA may be below it is decided by the parent, not by a profile that the caller selects. */
async function atParent<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof PkiError) || error.path[0] !== 'profile') throw error;
    throw new PkiError(error.code, error.message, ['parent']);
  }
}
