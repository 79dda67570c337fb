/** Facts of a JSON Web Key (RFC 7517). Its members stay octets, because some are secret. */

import { ifReadable } from '../../base/errors.ts';
import { jwkToPkcs8 } from '../../formats/private-keys/read-jwk.ts';
import { JwkMembers } from '../../formats/private-keys/jwk-members.ts';
import { jwkToPublicKey } from '../../formats/private-keys/public-jwk.ts';
import { LENIENT } from '../../formats/reading.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import type { PublicKey } from '../../keys/key.ts';
import type { Describe, Facts } from './facts.ts';
import { keyFacts } from './key-facts.ts';
import { factsOfPkcs8 } from './keys.ts';

export const describeJwk: Describe = async (text, context) => {
  const jwk = new JwkMembers(text);
  if (!jwk.isPrivate) return describePublic(jwk);
  const pkcs8 = jwkToPkcs8(text);
  try {
    return await factsOfPkcs8(pkcs8, context);
  } finally {
    pkcs8.fill(0);
  }
};

/** Longer values are not names. */
const MAX_NAME = 32;

function describePublic(jwk: JwkMembers): Facts {
  const key = ifReadable(() => publicKeyOf(jwk));
  if (key !== undefined) return { algorithm: key.algorithm, ...keyFacts(key.spki, key.bits) };
  const names = ['kty', 'crv', 'alg'].filter((name) => jwk.has(name)).map((name) => jwk.text(name));
  return names.every((name) => name.length <= MAX_NAME) ? { algorithm: names.join(' ') } : {};
}

function publicKeyOf(jwk: JwkMembers): PublicKey | undefined {
  const spki = jwkToPublicKey(jwk);
  return spki && readPublicKey(spki, LENIENT);
}
