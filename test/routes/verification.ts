/** A hierarchy with requests to certificate/verify about it. */

import type { Test } from 'tap';
import { encodeGeneralNames } from '../../src/x509/names/general-name-encoding.ts';
import { craftMember, type Member, type MemberParts } from '../ca/hierarchy.ts';
import { extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { poster, startApp } from '../support/service.ts';

export const TIME = '2026-06-01T00:00:00Z';

const END_ENTITY = { basicConstraints: undefined, keyUsage: extension('2.5.29.15', true, '03 02 07 80') };

export const dns = (...values: readonly string[]): Uint8Array =>
  extension('2.5.29.17', false, encodeGeneralNames(values.map((value) => ({ kind: 'DNS', value }))));

interface Failed {
  readonly code: string;
  readonly rule?: string;
}

/** A root, a CA and a leaf with the name www.a.test; requests verify the leaf unless their body says otherwise. */
export async function openVerification(t: Test) {
  const post = poster(await startApp(t));
  const { keys } = await openDomain(t);
  const member = craftMember(keys);
  const root = await member('Root');
  const ca = await member('CA', { by: root });
  const leafOf = ({ extensions, ...parts }: MemberParts = {}): Promise<Member> =>
    member('Leaf', {
      by: ca,
      ...parts,
      extensions: { ...END_ENTITY, names: dns('www.a.test'), ...extensions },
    });
  const leaf = await leafOf();
  const verify = async (body: object) => {
    const { statusCode, answer } = await post('/api/v1/certificate/verify', {
      certificate: leaf.pem,
      intermediates: [ca.pem],
      anchors: [root.pem],
      time: TIME,
      ...body,
    });
    return { status: statusCode, answer };
  };
  /** Codes of the failures, or their rules. */
  const codesOf = async (body: object): Promise<string> => {
    const { answer } = await verify(body);
    return answer.failures.map(({ code, rule }: Failed) => rule ?? code).join();
  };
  return { keys, member, root, ca, leaf, leafOf, verify, codesOf };
}
