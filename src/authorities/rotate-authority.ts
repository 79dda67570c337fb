/** A new key under the same name. The old key remains for CRLs of what it issued. */

import { randomUUID } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import type { ReadOptions } from '../ca/options.ts';
import { extensionOid } from '../formats/oids.ts';
import type { KeyAlgorithmName } from '../keys/key.ts';
import type { AuthorityKey } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { makeAuthorityKey } from './authority-key.ts';
import type { AuthorityIssuer, AuthorityOrder } from './authority-order.ts';
import type { AuthorityContext, Caller } from './context.ts';
import { keyDetails, withKeys, type AuthorityWithKeys } from './create-authority.ts';
import { findAuthority } from './open-authorities.ts';
import { changed } from './refusals.ts';

export interface RotationOrder {
  /** Id or name. */
  readonly authority: string;
  readonly caller: Caller;
  /** That of the present key when absent. */
  readonly algorithm?: KeyAlgorithmName | undefined;
  /** When absent: the parent of the authority if it is here, itself for a root. */
  readonly issuer?: AuthorityIssuer | undefined;
  readonly days?: number | undefined;
  /** That of the present certificate when absent. */
  readonly pathLength?: number | undefined;
  readonly options: ReadOptions;
  /** Names of the algorithms that can be generated. */
  readonly isAlgorithm: (name: string) => name is KeyAlgorithmName;
}

/** Adds a key with its certificate, which signs from now on; or a pending key with its CSR. Throws PkiError. */
export async function rotateAuthority(
  context: AuthorityContext,
  order: RotationOrder,
): Promise<AuthorityWithKeys> {
  const { store, keyStore } = context;
  const { principal } = order.caller;
  const authority = await findAuthority(store, order.authority);
  const keys = await store.listAuthorityKeys(authority.id);
  const { certificate, key: present } = presentOf(keys);
  const issuer = order.issuer ?? usualIssuer(certificate, authority.parentId);
  const identity = { authorityId: authority.id, keyId: randomUUID() };
  try {
    const made = await makeAuthorityKey(
      context,
      identity,
      orderOf(order, { certificate, present, issuer }),
      principal,
    );
    const details = { authority: authority.id, ...keyDetails(made.key) };
    const audit = {
      at: made.key.createdAt,
      action: 'authority/rotate',
      outcome: 'success',
      principal,
      details,
    } as const;
    const addition = {
      authorityId: authority.id,
      key: made.key,
      expectedRevision: authority.revision,
      audit,
    };
    changed(await store.addAuthorityKey(addition), order.authority);
  } catch (error) {
    keyStore.forget(identity);
    throw error;
  }
  context.opened.forget();
  return withKeys(context, authority.id);
}

interface Present {
  readonly key: AuthorityKey;
  readonly certificate: Certificate;
}

/** The newest key with a certificate. */
function presentOf(keys: readonly AuthorityKey[]): Present {
  const key = keys.find(({ state }) => state === 'active');
  if (key?.certificate === undefined)
    throw new PkiError(
      'authority-inactive',
      'The authority has no certificate yet, so there is no key to replace',
    );
  return { key, certificate: readStoredCertificate(key.certificate) };
}

function usualIssuer({ issuer, subject }: Certificate, parentId: string | undefined): AuthorityIssuer {
  if (parentId !== undefined) return { is: 'parent', reference: parentId };
  return Buffer.compare(issuer, subject) === 0 ? { is: 'self' } : { is: 'elsewhere' };
}

interface Replaced {
  readonly certificate: Certificate;
  readonly present: AuthorityKey;
  readonly issuer: AuthorityIssuer;
}

function orderOf(order: RotationOrder, { certificate, present, issuer }: Replaced): AuthorityOrder {
  const { algorithm = present.algorithm, days } = order;
  if (!order.isAlgorithm(algorithm))
    throw new PkiError(
      'invalid-key-options',
      `The key of the authority is ${algorithm}, which cannot be generated; name the algorithm of the new key`,
      ['algorithm'],
    );
  return {
    algorithm,
    issuer,
    days,
    names: () => ({ subject: decodeDistinguishedName(certificate.subject), subjectAltNames: [] }),
    pathLength: order.pathLength ?? pathLengthOf(certificate),
    options: () => withConstraints(certificate, order.options),
  };
}

function pathLengthOf({ extensions }: Certificate): number | undefined {
  const value = extensionValue(extensions, extensionOid.basicConstraints);
  return value && readBasicConstraints(value).pathLength;
}

/** Name constraints must not get lost, and those of another CA cannot always be written again. */
function withConstraints({ extensions }: Certificate, read: ReadOptions): ReturnType<ReadOptions> {
  const options = read();
  const has = extensionValue(extensions, extensionOid.nameConstraints) !== undefined;
  if (!has || options.nameConstraints !== undefined) return options;
  throw new PkiError(
    'invalid-extension',
    'The certificate of the authority has name constraints; give those of the new certificate',
    ['nameConstraints'],
  );
}
