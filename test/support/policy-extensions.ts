/** The policy extensions of crafted certificates (RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14). */

import {
  contextPrimitive,
  objectIdentifier,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { ANY_POLICY } from '../../src/formats/oids.ts';
import { extension } from './crafted.ts';

/** Of a CA; an absent one is undefined. */
export interface PolicyExtensions {
  readonly policies?: readonly string[] | undefined;
  readonly mappings?: readonly (readonly [string, string])[] | undefined;
  readonly explicit?: number | undefined;
  readonly noMapping?: number | undefined;
  readonly noAny?: number | undefined;
}

export const policiesExtension = (policies: readonly string[]): Uint8Array =>
  extension('2.5.29.32', false, sequence(...policies.map((oid) => sequence(objectIdentifier(oid)))));

const skipCerts = (tag: number, count: number | undefined): Uint8Array[] =>
  count === undefined ? [] : [contextPrimitive(tag, Uint8Array.of(count))];

export const policyExtensions = ({
  policies,
  mappings,
  explicit,
  noMapping,
  noAny,
}: PolicyExtensions): Record<string, Uint8Array | undefined> => ({
  policies: policies && policiesExtension(policies),
  mappings:
    mappings &&
    extension(
      '2.5.29.33',
      true,
      sequence(...mappings.map((pair) => sequence(...pair.map(objectIdentifier)))),
    ),
  constraints:
    explicit === undefined && noMapping === undefined
      ? undefined
      : extension('2.5.29.36', true, sequence(...skipCerts(0, explicit), ...skipCerts(1, noMapping))),
  noAny: noAny === undefined ? undefined : extension('2.5.29.54', true, unsignedInteger(noAny)),
});

/**
 * Where anyPolicy is inhibited, OpenSSL maps from it nevertheless; RFC 5280 §6.1.4 (b) (1) does not: there is no node of
 * anyPolicy. Such certificates are left out.
 */
export function withoutInhibitedMapping<Ca extends PolicyExtensions>(ca: Ca, isInhibited: boolean): Ca {
  if (!isInhibited || ca.mappings === undefined) return ca;
  return { ...ca, policies: ca.policies?.map((oid) => (oid === ANY_POLICY ? '1.2.3.4' : oid)) };
}
