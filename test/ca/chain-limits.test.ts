/** The limits that CAs above the issuer set (RFC 5280 §6.1). The leaf has the name a.x.test. */

import t from 'tap';
import { extension, validity, type CertificateParts } from '../support/crafted.ts';
import { opensslMissing } from '../support/openssl.ts';
import { isValid, openHierarchy } from './hierarchy.ts';

const { member, signWith } = await openHierarchy(t);

/** CAs above the issuer, from the last: what OpenSSL refuses below them is refused, and the neighbour is accepted. */
interface Above {
  readonly root?: CertificateParts;
  readonly upper?: CertificateParts;
  readonly options?: readonly string[];
}

const having = (extensions: CertificateParts['extensions']): CertificateParts => ({ extensions });
const pathLength = (value: number) =>
  having({ basicConstraints: extension('2.5.29.19', true, `30 06 01 01 ff 02 01 0${value}`) });
/** Permits DNS names within `x.test`, `y.test`. */
const permitting = (letter: 'x' | 'y') =>
  having({
    names: extension(
      '2.5.29.30',
      true,
      `30 0c a0 0a 30 08 82 06 ${letter === 'x' ? '78' : '79'} 2e 74 65 73 74`,
    ),
  });
/** Excludes the directory name of Lower. */
const excludingLower = having({
  names: extension(
    '2.5.29.30',
    true,
    '30 18 a1 16 30 14 a4 12 30 10 31 0e 30 0c 06 03 55 04 03 0c 05 4c 6f 77 65 72',
  ),
});
const purposes = (hex: string) => having({ purposes: extension('2.5.29.37', false, hex) });
const SERVER = '30 0a 06 08 2b 06 01 05 05 07 03 01';
const CODE = '30 0a 06 08 2b 06 01 05 05 07 03 03';
const policies = (hex: string) => extension('2.5.29.32', false, hex);
const POLICY = '30 07 30 05 06 03 2a 03 04';
const requiringPolicy = (skip: number) =>
  having({ constraints: extension('2.5.29.36', true, `30 03 80 01 0${skip}`), policies: policies(POLICY) });

const LIMITS: Readonly<
  Record<string, { good: readonly Above[]; bad: readonly (readonly [Above, RegExp, string?])[] }>
> = {
  'path length': {
    good: [{ root: pathLength(2), upper: pathLength(1) }],
    bad: [
      [{ root: pathLength(1) }, /pathLenConstraint that the path exceeds/],
      [{ upper: pathLength(0) }, /pathLenConstraint that the path exceeds/],
    ],
  },
  'basicConstraints and keyUsage': {
    good: [{ upper: having({ keyUsage: extension('2.5.29.15', true, '03 02 01 86') }) }],
    bad: [
      [{ upper: having({ basicConstraints: undefined }) }, /a certificate that is not a CA/],
      [
        { upper: having({ keyUsage: extension('2.5.29.15', true, '03 02 01 02') }) },
        /keyUsage without keyCertSign/,
      ],
      [
        { root: having({ unknown: extension('1.2.3.4', true, '05 00') }) },
        /unsupported critical extension: 1\.2\.3\.4/,
      ],
    ],
  },
  validity: {
    good: [{ upper: { validity: validity('2020-01-01T00:00:00Z', '2027-01-01T12:00:01Z') } }],
    bad: [
      [{ upper: { validity: validity('2020-01-01T00:00:00Z', '2027-01-01T11:59:59Z') } }, /expired at/],
      [
        { root: { validity: validity('2027-01-01T12:00:01Z', '2030-01-01T11:59:59Z') } },
        /is not valid before/,
      ],
    ],
  },
  'name constraints': {
    good: [{ root: permitting('x') }, { upper: permitting('x'), root: permitting('x') }],
    bad: [
      [{ root: permitting('y') }, /DNS:a\.x\.test is not allowed/, 'name-constraints-violated'],
      [
        { upper: permitting('y'), root: permitting('x') },
        /DNS:a\.x\.test is not allowed/,
        'name-constraints-violated',
      ],
      [{ root: excludingLower }, /chain of the CA is invalid: The name dirName:\/CN=Lower is not allowed/],
    ],
  },
  purposes: {
    good: [{ root: purposes(SERVER), options: ['-purpose', 'sslserver'] }],
    bad: [
      [
        { root: purposes(CODE), options: ['-purpose', 'sslserver'] },
        /limits it to codeSigning, without serverAuth, clientAuth; .*: code-signing/,
      ],
      [
        { root: purposes(CODE), upper: purposes(SERVER), options: ['-purpose', 'sslserver'] },
        /those above it limits it to no purpose/,
      ],
    ],
  },
  policies: {
    // The trust anchor does not count (RFC 5280 §6.1)
    good: [{ root: requiringPolicy(0) }, { upper: requiringPolicy(3) }],
    bad: [
      [{ upper: requiringPolicy(0) }, /require a certificate policy .* but they have no policy in common/],
      [{ upper: requiringPolicy(2) }, /require a certificate policy/],
    ],
  },
};

for (const [what, { good, bad }] of Object.entries(LIMITS)) {
  t.test(`the CAs above limit the new certificate: ${what}`, { skip: opensslMissing }, async (t) => {
    const chainOf = async ({ root: rootParts, upper: upperParts }: Above) => {
      const top = await member('Root', { ...rootParts });
      const middle = await member('Upper', { by: top, ...upperParts });
      return [await member('Lower', { by: middle }), middle, top] as const;
    };
    const POLICY_CHECK = what === 'policies' ? ['-policy_check', '-policy', '2.5.29.32.0'] : [];
    for (const above of good) {
      const path = await chainOf(above);
      const issued = await signWith(path[0], path);
      const options = ['-x509_strict', ...POLICY_CHECK, ...(above.options ?? [])];
      t.ok(await isValid(issued.certificate, path, ...options), 'OpenSSL accepts it');
    }
    for (const [above, message, code = 'unsuitable-issuer'] of bad) {
      const path = await chainOf(above);
      await t.rejects(signWith(path[0], path), { code, message });
      // Without the CAs above, the limit is unknown
      const issued = await signWith(path[0], [path[0]]);
      t.notOk(
        await isValid(issued.certificate, path, ...POLICY_CHECK, ...(above.options ?? [])),
        'nor does OpenSSL',
      );
    }
  });
}

t.test('the path length of the CAs above limits a new CA', async (t) => {
  const top = await member('Root', pathLength(2));
  const middle = await member('Upper', { by: top });
  const path = [await member('Lower', { by: middle }), middle, top] as const;
  const three = await member('Root', pathLength(3));
  const below = await member('Upper', { by: three });
  const chain = [await member('Lower', { by: below }), below, three] as const;
  await t.resolves(signWith(chain[0], chain, { isCa: true, pathLength: 0 }));
  await t.rejects(signWith(chain[0], chain, { isCa: true, pathLength: 1 }), {
    code: 'path-length-exceeded',
    pointer: '/path_length',
    message: /less than that of the CA certificate, 1/,
  });
  await t.rejects(signWith(path[0], path, { isCa: true }), {
    code: 'path-length-exceeded',
    pointer: '/is_ca',
  });
});
