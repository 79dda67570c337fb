import { X509Certificate } from 'node:crypto';
import t from 'tap';
import {
  craftCertificate,
  craftRequest,
  extension,
  name,
  octets,
  validity,
  type CertificateParts,
  type RequestParts,
} from '../support/crafted.ts';
import { authority, requestPem } from '../support/domain.ts';
import { asking, NOW, openSigning, type Case } from './signing.ts';

const { domain, caKey, sign, countSignatures } = await openSigning(t);

const pathLength = (value: number): CertificateParts => ({
  extensions: {
    basicConstraints: extension('2.5.29.19', true, octets(`30 06 01 01 ff 02 01 0${value}`)),
  },
});

const nameless: RequestParts = { subject: name() };

/** Permits x.test and its subdomains. */
const constrained: CertificateParts = {
  extensions: { nameConstraints: extension('2.5.29.30', true, '30 0c a0 0a 30 08 82 06 78 2e 74 65 73 74') },
};

type Refusal = readonly [refused: Case, code: string, pointer: string, message: RegExp];

/** Each rule has inputs that it accepts and inputs that it refuses. */
const RULES: Readonly<Record<string, { good: readonly Case[]; bad: readonly Refusal[] }>> = {
  'the path length of a CA limits the CAs below it': {
    good: [
      { ca: pathLength(0) },
      { ca: pathLength(1), wish: { isCa: true, pathLength: 0 } },
      { ca: pathLength(1), wish: { isCa: true } },
      { wish: { isCa: true, pathLength: 9 } },
    ],
    bad: [
      [
        { ca: pathLength(0), wish: { isCa: true } },
        'path-length-exceeded',
        '/is_ca',
        /allows no CA below it/,
      ],
      [
        { ca: pathLength(1), wish: { isCa: true, pathLength: 1 } },
        'path-length-exceeded',
        '/path_length',
        /must be less than that of the CA certificate, 1/,
      ],
    ],
  },
  'only a CA has a path length': {
    good: [{ wish: { isCa: true, pathLength: 0 } }],
    bad: [[{ wish: { pathLength: 0 } }, 'path-length-exceeded', '/path_length', /in CA certificates only/]],
  },
  'a certificate expires no later than its CA': {
    good: [
      { ca: { validity: validity('2020-01-01T00:00:00Z', '2027-01-31T11:55:00Z') } },
      { ca: { validity: validity('2027-01-01T12:00:00Z', '2027-01-31T12:00:00Z') } },
    ],
    bad: [
      [
        { ca: { validity: validity('2020-01-01T00:00:00Z', '2027-01-31T11:54:59Z') } },
        'exceeds-issuer',
        '/days',
        /expires at 2027-01-31T11:54:59\.000Z: the validity must be at most 29 days/,
      ],
      [
        { ca: { validity: validity('2020-01-01T00:00:00Z', '2027-01-02T11:54:59Z') }, wish: { days: 1 } },
        'exceeds-issuer',
        '/days',
        /expires at .*: less than one day is left/,
      ],
      [
        { ca: { validity: validity('2020-01-01T00:00:00Z', NOW) }, wish: { days: 1 } },
        'exceeds-issuer',
        '/days',
        /less than one day is left/,
      ],
    ],
  },
  'a certificate has a subject or an alternative name': {
    good: [
      { asked: { ...nameless, ...asking('a.example') } },
      { asked: nameless, wish: { san: ['a.example'] } },
      { asked: {} },
    ],
    bad: [
      [{ asked: nameless }, 'invalid-csr', '/csr', /empty subject and no subject alternative names/],
      [
        { asked: nameless, wish: { san: [] } },
        'invalid-csr',
        '/csr',
        /empty subject and no subject alternative names/,
      ],
    ],
  },
  'a CA has a subject': {
    good: [{ wish: { isCa: true } }],
    bad: [
      [
        { asked: nameless, wish: { isCa: true, san: ['a.example'] } },
        'invalid-csr',
        '/csr',
        /empty subject, which a CA must not have/,
      ],
    ],
  },
  'the names of the CSR and of the caller satisfy the name constraints of the CA': {
    good: [
      { ca: constrained, asked: asking('a.x.test'), wish: { san: ['x.test', 'IP:192.0.2.1'] } },
      { ca: constrained, asked: { subject: name('a name') } },
    ],
    bad: [
      [
        { ca: constrained, asked: asking('a.y.test') },
        'name-constraints-violated',
        '',
        /DNS:a\.y\.test is not allowed by the name constraints/,
      ],
      [
        { ca: constrained, asked: asking('a.x.test'), wish: { san: ['y.test'] } },
        'name-constraints-violated',
        '',
        /DNS:y\.test is not allowed by the name constraints/,
      ],
    ],
  },
  'the number of names is limited': {
    good: [
      {
        asked: asking(...Array.from({ length: 99 }, (_, i) => `a${i}.example`)),
        wish: { san: ['b.example'] },
      },
      { asked: asking('a0.example'), wish: { san: Array.from({ length: 100 }, (_, i) => `a${i}.example`) } },
    ],
    bad: [
      [
        { asked: asking(...Array.from({ length: 101 }, (_, i) => `a${i}.example`)) },
        'invalid-san',
        '/csr',
        /at most 100 names/,
      ],
      [
        { asked: asking('b.example'), wish: { san: Array.from({ length: 100 }, (_, i) => `a${i}.example`) } },
        'invalid-san',
        '/san',
        /at most 100 names/,
      ],
    ],
  },
};

for (const [rule, { good, bad }] of Object.entries(RULES)) {
  t.test(rule, async (t) => {
    for (const accepted of good) await t.resolves(sign(accepted));
    t.equal(countSignatures(), good.length);
    for (const [refused, code, pointer, message] of bad)
      await t.rejects(sign(refused), { name: 'PkiError', code, pointer, message });
    t.equal(countSignatures(), 0, 'nothing is signed after a refusal');
  });
}

t.test('the number of days that the error names is accepted', async (t) => {
  const ca = { validity: validity('2026-12-31T00:00:00Z', '2027-06-30T18:00:00Z') };
  const refusal: unknown = await sign({ ca, wish: { days: 365 } }).catch((error: unknown) => error);
  const longest = Number(/at most (\d+)/.exec(String(refusal))?.[1]);
  t.equal(longest, 180);
  await t.resolves(sign({ ca, wish: { days: longest } }));
  await t.rejects(sign({ ca, wish: { days: longest + 1 } }), { code: 'exceeds-issuer' });
});

t.test('the default validity is a year, or the remaining validity of the CA', async (t) => {
  const wish = { days: undefined };
  const year = await sign({ wish });
  t.equal(year.validity.notAfter.toISOString(), '2028-01-01T11:55:00.000Z');
  const rest = await sign({
    wish,
    ca: { validity: validity('2020-01-01T00:00:00Z', '2027-03-04T05:06:07Z') },
  });
  t.equal(rest.validity.notAfter.toISOString(), '2027-03-04T05:06:07.000Z');
  t.equal(new X509Certificate(rest.certificate).validToDate.toISOString(), '2027-03-04T05:06:07.000Z');
  const moment = await sign({ wish, ca: { validity: validity(NOW, NOW) } });
  t.same([moment.validity.notBefore, moment.validity.notAfter], [new Date(NOW), new Date(NOW)]);
});

t.test('a CA does not certify its own key', async (t) => {
  const member = await authority(await craftCertificate(caKey), caKey);
  const csr = requestPem(await craftRequest(caKey));
  const wish = { csr, ...member, days: 30, isCa: false };
  await t.rejects(domain.issuer.signCsr(wish), { code: 'issuer-key-reused', pointer: '/csr' });
  const other = requestPem(await craftRequest(await domain.keys.generate('ml-dsa-65')));
  await t.resolves(domain.issuer.signCsr({ ...wish, csr: other }), 'another key of the same parameter set');
});
