/** Common names that look like hosts, below a CA that limits DNS names (RFC 5280 §4.2.1.10). */

import t from 'tap';
import { encodeNameConstraints } from '../../src/x509/extensions/name-constraints-writer.ts';
import { parseSubtree } from '../../src/x509/names/subtree-text.ts';
import { craftMember } from '../ca/hierarchy.ts';
import { extension, name } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { codesOf, opensslVerdict, verify } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

const root = await member('Root');
const limits = encodeNameConstraints({ permitted: [parseSubtree('DNS:a.test')], excluded: [] });
const limiting = await member('Limiting', {
  by: root,
  extensions: { constraints: extension('2.5.29.30', true, limits) },
});

t.test(
  'the common name of a CA is no host, that of an end entity may be',
  { skip: opensslMissing },
  async (t) => {
    for (const [ca, leaf, expected] of [
      ['ca.other.test', 'www.a.test', []],
      ['CA', 'www.other.test', ['name-constraints']],
    ] as const) {
      const issuing = await member('', { by: limiting, subject: name(ca) });
      const end = await member('', {
        by: issuing,
        subject: name(leaf),
        extensions: { basicConstraints: undefined, keyUsage: extension('2.5.29.15', true, '03 02 07 80') },
      });
      const given = { leaf: end, intermediates: [limiting, issuing], anchors: [root] };
      t.same(codesOf(await verify(keys, given)), expected, `${ca}, ${leaf}`);
      t.equal((await opensslVerdict(given)).isValid, expected.length === 0, 'OpenSSL says the same');
    }
  },
);
