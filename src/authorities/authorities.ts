/** The use cases of stored authorities. Every one is observed like those of `src/ca/issuer.ts`. */

import type { Profile } from '../ca/profile.ts';
import type { Preview } from '../ca/preview.ts';
import { perform, useCase, type Issued, type IssuanceObserver, type UseCase } from '../ca/use-case.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { checkDer } from '../formats/der/strict.ts';
import { formatOneLine } from '../x509/names/name-text.ts';
import type { Authority, Reservation } from '../storage/ports.ts';
import { allowProfiles, type AllowedProfilesOrder } from './allow-profiles.ts';
import type { NewAuthorityOrder } from './authority-order.ts';
import { setStatus, type StatusOrder } from './authority-status.ts';
import type { AuthorityContext } from './context.ts';
import { createAuthority, type AuthorityWithKeys } from './create-authority.ts';
import { fulfil, previewOrder } from './fulfil-order.ts';
import {
  importAuthority,
  importCertificate,
  type CertificateImportOrder,
  type ImportedAuthority,
  type ImportOrder,
} from './import-authority.ts';
import type { IssuedOrder } from './issued-order.ts';
import { findAuthority } from './open-authorities.ts';
import type { Order } from './order.ts';
import { refusalAudit } from './refusal-audit.ts';
import { openReservations } from './reservations.ts';
import { rotateAuthority, type RotationOrder } from './rotate-authority.ts';

const authorityUseCase = <Input, Result extends AuthorityWithKeys>(
  declaration: Omit<UseCase<Input, Result, AuthorityContext>, 'issued'>,
) => useCase({ ...declaration, issued: ({ keys }: Result) => keys.slice(0, 1).map(newAuthorityKey) });

const USE_CASES = {
  create: authorityUseCase({
    operation: 'authority/create',
    requested: ({ name, algorithm, days }: NewAuthorityOrder) => ({ authority: name, algorithm, days }),
    run: createAuthority,
  }),
  import: authorityUseCase({
    operation: 'authority/import',
    requested: ({ name }: ImportOrder) => ({ authority: name }),
    run: importAuthority,
  }),
  importCertificate: authorityUseCase({
    operation: 'authority/import-certificate',
    requested: ({ authority }: CertificateImportOrder) => ({ authority }),
    run: importCertificate,
  }),
  rotate: authorityUseCase({
    operation: 'authority/rotate',
    requested: ({ authority, algorithm, days }: RotationOrder) => ({
      authority,
      days,
      ...(algorithm && { algorithm }),
    }),
    run: rotateAuthority,
  }),
  setStatus: useCase({
    operation: 'authority/status',
    requested: ({ authority }: StatusOrder) => ({ authority }),
    issued: () => [],
    run: (context: AuthorityContext, order: StatusOrder) => setStatus(context, order),
  }),
  allowProfiles: useCase({
    operation: 'authority/profiles',
    requested: ({ authority }: AllowedProfilesOrder) => ({ authority }),
    issued: () => [],
    run: (context: AuthorityContext, order: AllowedProfilesOrder) => allowProfiles(context, order),
  }),
  issue: useCase({
    operation: 'certificate/issue',
    requested: ({ authority, profile, days }: Order) => ({
      authority,
      days,
      ...(profile && { profile: profile.name }),
    }),
    issued: (issued: IssuedOrder) => [issuedCertificate(issued)],
    run: (context: AuthorityContext, order: Order) => fulfil(context, order),
  }),
};

/** Every method throws PkiError for invalid input, and when the store or the key store cannot be used. */
export interface Authorities {
  create(order: NewAuthorityOrder): Promise<AuthorityWithKeys>;
  import(order: ImportOrder): Promise<ImportedAuthority>;
  importCertificate(order: CertificateImportOrder): Promise<ImportedAuthority>;
  rotate(order: RotationOrder): Promise<AuthorityWithKeys>;
  setStatus(order: StatusOrder): Promise<AuthorityWithKeys>;
  allowProfiles(order: AllowedProfilesOrder): Promise<AuthorityWithKeys>;
  issue(order: Order): Promise<IssuedOrder>;
  /** What {@link issue} would issue. Nothing is stored, so no observer sees it. */
  preview(order: Order): Promise<Preview>;
  /** `reference` is an id or a name. */
  show(reference: string): Promise<AuthorityWithKeys>;
  /** By name, after `after`. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly AuthorityWithKeys[]>;
  /** Of the authority, the oldest first. */
  reservations(reference: string): Promise<readonly Reservation[]>;
  /** Undefined for an unknown name. */
  profile(name: string): Promise<Profile | undefined>;
  /** Returns the name of a profile that is similar to `name`, if there is one. */
  similarProfile(name: string): Promise<string | undefined>;
}

/** Returns the use cases for one caller. */
export type ObservedAuthorities = (
  principal: string,
  ...observers: readonly IssuanceObserver[]
) => Authorities;

export const createAuthorities =
  (context: AuthorityContext): ObservedAuthorities =>
  (principal, ...given) => {
    const { store, clock, policy } = context;
    const observers = [...given, refusalAudit(store, clock, principal)];
    const observed =
      <Input, Result>(declaration: UseCase<Input, Result, AuthorityContext>) =>
      (input: Input): Promise<Result> =>
        perform(declaration, context, observers, input);
    return {
      create: observed(USE_CASES.create),
      import: observed(USE_CASES.import),
      importCertificate: observed(USE_CASES.importCertificate),
      rotate: observed(USE_CASES.rotate),
      setStatus: observed(USE_CASES.setStatus),
      allowProfiles: observed(USE_CASES.allowProfiles),
      issue: observed(USE_CASES.issue),
      preview: (order) => previewOrder(context, order),
      show: async (reference) => withKeysOf(context, await findAuthority(store, reference)),
      list: async (page) => {
        const authorities = await store.listAuthorities(page);
        return Promise.all(authorities.map((authority) => withKeysOf(context, authority)));
      },
      reservations: async (reference) =>
        openReservations(store, clock(), (await findAuthority(store, reference)).id),
      profile: (name) => policy.profile(name),
      similarProfile: (name) => policy.similarProfile(name),
    };
  };

const withKeysOf = async ({ store }: AuthorityContext, authority: Authority): Promise<AuthorityWithKeys> => ({
  authority,
  keys: await store.listAuthorityKeys(authority.id),
});

const newAuthorityKey = ({ algorithm, publicKey }: AuthorityWithKeys['keys'][number]): Issued => ({
  facts: { algorithm, keyIdentifier: keyIdentifier(readPublicKey(checkDer(publicKey)).bits) },
});

const issuedCertificate = (issued: IssuedOrder): Issued => ({
  facts: {
    serial: issued.serialNumber,
    keyIdentifier: issued.subjectKeyIdentifier,
    algorithm: issued.keyAlgorithm,
    subject: formatOneLine(issued.subject),
    issuer: formatOneLine(issued.issuer),
    names: issued.subjectAltNames.length,
    certificate: issued.id,
  },
  ...(issued.key && { key: issued.key }),
});
