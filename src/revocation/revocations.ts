/** The use cases of revocation. Every one is observed like those of `src/ca/issuer.ts`. */

import { ifReadable } from '../base/errors.ts';
import {
  perform,
  useCase,
  type Issued,
  type IssuanceObserver,
  type RequestedFacts,
  type UseCase,
} from '../ca/use-case.ts';
import { refusalAudit } from '../authorities/refusal-audit.ts';
import type { Revocation } from '../storage/ports.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import type { RevocationContext } from './context.ts';
import { release, type ReleaseOrder } from './release.ts';
import { revokeAuthority, type AuthorityRevocationOrder, type RevokedAuthority } from './revoke-authority.ts';
import { revoke, type RevocationOrder, type Revoked } from './revoke.ts';
import type { Reference } from './target.ts';

const USE_CASES = {
  revoke: useCase({
    operation: 'certificate/revoke',
    requested: ({ authority, reason, reference }: RevocationOrder) => ({
      reason,
      ...(authority !== undefined && { authority }),
      ...referenceFacts(reference),
    }),
    issued: ({ revocation, isNew }: Revoked) => (isNew ? [changed(revocation)] : []),
    run: (context: RevocationContext, order: RevocationOrder) => revoke(context, order),
  }),
  release: useCase({
    operation: 'certificate/release',
    requested: ({ reference }: ReleaseOrder) => referenceFacts(reference),
    issued: (revocation: Revocation) => [changed(revocation)],
    run: (context: RevocationContext, order: ReleaseOrder) => release(context, order),
  }),
  revokeAuthority: useCase({
    operation: 'authority/revoke',
    requested: ({ authority, reason }: AuthorityRevocationOrder) => ({ authority, reason }),
    issued: ({ revoked }: RevokedAuthority) => (revoked?.isNew === true ? [changed(revoked.revocation)] : []),
    run: (context: RevocationContext, order: AuthorityRevocationOrder) => revokeAuthority(context, order),
  }),
};

/** Nothing for a reference that cannot be read. */
function referenceFacts(read: () => Reference): Pick<RequestedFacts, 'certificate' | 'serial'> {
  const reference = ifReadable(read);
  if (reference === undefined) return {};
  if (reference.by === 'id') return { certificate: reference.id };
  const serial = reference.by === 'serial' ? reference.serial : reference.certificate.serialNumber;
  return { serial: formatSerialNumber(serial) };
}

const changed = ({ id, serial }: Revocation): Issued => ({
  facts: { certificate: id, serial: formatSerialNumber(serial) },
});

/** Every method throws PkiError for an invalid order, and when the store cannot be used. */
export interface Revocations {
  revoke(order: RevocationOrder): Promise<Revoked>;
  release(order: ReleaseOrder): Promise<Revocation>;
  revokeAuthority(order: AuthorityRevocationOrder): Promise<RevokedAuthority>;
}

/** Returns the use cases for one caller. */
export function createRevocations(
  context: RevocationContext,
  principal: string,
  given: readonly IssuanceObserver[],
): Revocations {
  const observers = [...given, refusalAudit(context.store, context.clock, principal)];
  const observed =
    <Input, Result>(declaration: UseCase<Input, Result, RevocationContext>) =>
    (input: Input): Promise<Result> =>
      perform(declaration, context, observers, input);
  return {
    revoke: observed(USE_CASES.revoke),
    release: observed(USE_CASES.release),
    revokeAuthority: observed(USE_CASES.revokeAuthority),
  };
}
