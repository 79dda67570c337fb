/** `npm run ca -- init`: makes a root and an intermediate in the store, and prints their fingerprints. */

import { KEY_ALGORITHMS, type KeyAlgorithmName } from '../src/algorithms/registry.ts';
import type { Authorities } from '../src/authorities/authorities.ts';
import type { AuthorityIssuer } from '../src/authorities/authority-order.ts';
import type { AuthorityWithKeys } from '../src/authorities/create-authority.ts';
import { describeAuthorityKey } from '../src/authorities/describe-key.ts';
import { activeCertificate } from '../src/authorities/active-certificate.ts';
import { hexadecimal } from '../src/base/hexadecimal.ts';
import { parseDistinguishedName } from '../src/x509/names/name-text.ts';
import { orExit, readOptions } from './command-line.ts';
import { withAuthorities } from './open-authorities.ts';

/** In lines of five names. */
const ALGORITHMS = Object.keys(KEY_ALGORITHMS)
  .map((name, index) => (index > 0 && index % 5 === 0 ? `\n                  ${name}` : name))
  .join(', ');

const USAGE = `npm run ca -- init [--organization NAME] [--algorithm NAME] [--root NAME] [--issuing NAME]
  Makes a root and an intermediate below it in the store of DATA_DIR or DATABASE_URL, and prints their ids and the
  SHA-256 fingerprints of their certificates. Write the fingerprint of the root down: it is what relying parties trust.
  --organization  O of both subjects; default: Example Org
  --algorithm     of both keys; default: ml-dsa-65. Others:
                  ${ALGORITHMS}
  --root          name of the root in the API; default: root-1
  --issuing       name of the intermediate in the API; default: issuing-1

Example:
  npm run -s ca -- init --organization "Example Org" --algorithm ml-dsa-87
`;

const { values, positionals } = readOptions(
  USAGE,
  {
    organization: { type: 'string', default: 'Example Org' },
    algorithm: { type: 'string', default: 'ml-dsa-65' },
    root: { type: 'string', default: 'root-1' },
    issuing: { type: 'string', default: 'issuing-1' },
  },
  true,
);

const isAlgorithm = (name: string): name is KeyAlgorithmName => Object.hasOwn(KEY_ALGORITHMS, name);

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Throws Error for an invalid argument. */
function readValues() {
  const { organization, algorithm, root, issuing } = values;
  if (positionals.join(' ') !== 'init') throw new Error('The command must be init');
  if (!isAlgorithm(algorithm))
    throw new Error(`--algorithm must be one of ${Object.keys(KEY_ALGORITHMS).join(', ')}`);
  for (const [option, name] of Object.entries({ root, issuing }))
    if (!NAME.test(name))
      throw new Error(`--${option} must be letters, digits, dots, underscores and hyphens`);
  return { algorithm, root, issuing, subjects: subjectsOf(organization) };
}

const subjectsOf = (organization: string) => {
  const escaped = organization.replaceAll(/[\\/+]/g, String.raw`\$&`);
  return {
    root: parseDistinguishedName(`/CN=${escaped} Root CA/O=${escaped}`),
    issuing: parseDistinguishedName(`/CN=${escaped} Issuing CA/O=${escaped}`),
  };
};

const given = orExit(USAGE, readValues);

/** The caller is the operator at the machine. */
const OPERATOR = Object.freeze({ principal: 'operator', readsAll: true, requireCaScope() {} });

const create = (
  authorities: Authorities,
  which: 'root' | 'issuing',
  issuer: AuthorityIssuer,
  pathLength: number | undefined,
): Promise<AuthorityWithKeys> =>
  authorities.create({
    caller: OPERATOR,
    name: given[which],
    algorithm: given.algorithm,
    issuer,
    names: () => ({ subject: given.subjects[which], subjectAltNames: [] }),
    pathLength,
    options: () => ({}),
  });

function print(which: string, created: AuthorityWithKeys): void {
  const { subject, validity, sha256 } = describeAuthorityKey(activeCertificate(created).certificate);
  console.log(`${which}
  name     ${created.authority.name}
  id       ${created.authority.id}
  subject  ${subject}
  expires  ${validity.notAfter.toISOString()}
  SHA-256  ${hexadecimal(sha256)}`);
}

await withAuthorities(async ({ stored }) => {
  const authorities = stored.authorities(OPERATOR.principal);
  const root = await create(authorities, 'root', { is: 'self' }, undefined);
  print('root', root);
  print('issuing', await create(authorities, 'issuing', { is: 'parent', reference: root.authority.id }, 0));
});
