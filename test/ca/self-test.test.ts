import t from 'tap';
import type { Issuer } from '../../src/ca/issuer.ts';
import { issuanceSelfTest } from '../../src/ca/self-test.ts';
import type { PrivateKey } from '../../src/keys/key.ts';
import { parseDistinguishedName } from '../../src/x509/names/name-text.ts';
import { openDomain } from '../support/domain.ts';

const { domain } = await openDomain(t);
const { inspector } = domain;
const issuer = domain.issuer();

const FAULTS: Readonly<Record<string, Issuer['selfSigned']>> = {
  'another subject': (request) =>
    issuer.selfSigned({
      ...request,
      names: () => ({ ...request.names(), subject: parseDistinguishedName('/CN=other') }),
    }),
  'a name that is missing': (request) =>
    issuer.selfSigned({
      ...request,
      names: () => ({ ...request.names(), subjectAltNames: request.names().subjectAltNames.slice(1) }),
    }),
  'a damaged signature': async (request) => {
    const issued = await issuer.selfSigned(request);
    return {
      ...issued,
      certificate: issued.certificate.map((octet, i, { length }) => octet ^ Number(i === length - 1)),
    };
  },
};

t.test('a working issuer passes the self-test, and the key of the test is destroyed', async (t) => {
  const made: PrivateKey[] = [];
  const selfSigned: Issuer['selfSigned'] = async (request) => {
    const issued = await issuer.selfSigned(request);
    made.push(issued.key);
    return issued;
  };
  await issuanceSelfTest({ ...issuer, selfSigned }, inspector);
  t.equal(made.length, 1);
  for (const key of made) await t.rejects(async () => key.exportPkcs8(), /destroyed/);
});

for (const [fault, selfSigned] of Object.entries(FAULTS)) {
  t.test(`${fault} fails the self-test`, async (t) => {
    await t.rejects(issuanceSelfTest({ ...issuer, selfSigned }, inspector), { code: 'engine-unavailable' });
  });
}
