import { inDocument, invalidDocument } from '../invalid-document.ts';
import { quoted } from '../../x509/names/printable-text.ts';
import { matchesDnsName, parseDnsPattern, touchesDnsName } from '../dns-pattern.ts';
import type { DnsDocument, NamesDocument, PatternsDocument } from '../document.ts';
import { listed } from '../listed.ts';
import { alternativeNames, subjectNames, type NamedText } from '../named-text.ts';
import { parseNetwork } from '../network.ts';
import type { Candidate, Refusal, Rule } from '../rule.ts';
import { mailboxPattern, uriPattern } from '../text-pattern.ts';

/** Throws PkiError invalid-profile-document. */
export function nameRules({ dns, ip, email, uri, ...rest }: NamesDocument): readonly Rule[] {
  return [
    ...countRules(rest),
    ...(rest.kinds ? [kindRule(rest.kinds)] : []),
    ...(rest.other_names ? [otherNameRule(rest.other_names)] : []),
    ...(dns ? dnsRules(dns) : []),
    ...(ip ? patternRules('ip', 'IP', ip, networkTest, networkTest) : []),
    ...(email
      ? patternRules('email', 'email', email, textTest(mailboxPattern), textTest(mailboxPattern))
      : []),
    ...(uri ? patternRules('uri', 'URI', uri, textTest(uriPattern), textTest(uriPattern)) : []),
  ];
}

function countRules({ minimum = 0, maximum = Infinity }: NamesDocument): readonly Rule[] {
  if (minimum === 0 && maximum === Infinity) return [];
  if (minimum > maximum)
    throw invalidDocument('The minimum must not be greater than the maximum', ['names', 'minimum']);
  return [
    function* ({ subjectAltNames: { length } }): Iterable<Refusal> {
      if (length < minimum) yield countRefusal('minimum', `at least ${minimum}`, length);
      if (length > maximum) yield countRefusal('maximum', `at most ${maximum}`, length);
    },
  ];
}

const countRefusal = (member: string, demand: string, count: number): Refusal => ({
  rule: `names.${member}`,
  path: ['subjectAltNames'],
  value: String(count),
  message: `The certificate must have ${demand} subject alternative names, not ${count}`,
});

const kindRule = (kinds: readonly string[]): Rule =>
  function* (candidate) {
    for (const name of alternativeNames(candidate))
      if (!kinds.includes(name.kind))
        yield nameRefusal('names.kinds', name, `must be of the kind ${listed(kinds)}`);
  };

/** `otherName:1.2.3.4;UTF8:text` */
const otherNameRule = (types: readonly string[]): Rule =>
  function* (candidate) {
    for (const name of alternativeNames(candidate))
      if (name.kind === 'otherName' && !types.includes(name.text.split(/[;:]/, 1)[0] ?? ''))
        yield nameRefusal('names.other_names', name, `must have the type ${listed(types)}`);
  };

const nameRefusal = (rule: string, name: NamedText, demand: string): Refusal => ({
  rule,
  path: name.path,
  value: `${name.kind}:${name.text}`,
  message: `The name ${quoted(`${name.kind}:${name.text}`)} ${demand}`,
});

type NameTest = (name: NamedText) => boolean;
/** Reads a pattern. */
type TestOf = (pattern: string) => NameTest;

const textTest =
  (patternOf: (pattern: string) => (text: string) => boolean): TestOf =>
  (pattern) => {
    const matches = patternOf(pattern);
    return ({ text }) => matches(text);
  };

const networkTest: TestOf = (pattern) => {
  const contains = parseNetwork(pattern);
  return ({ octets }) => octets !== undefined && contains(octets);
};

const allowedHost: TestOf = (text) => {
  const pattern = parseDnsPattern(text);
  return (name) => matchesDnsName(pattern, name.text);
};

const deniedHost: TestOf = (text) => {
  const pattern = parseDnsPattern(text);
  return (name) => touchesDnsName(pattern, name.text);
};

const dnsRules = ({ wildcards, underscore, ...patterns }: DnsDocument): readonly Rule[] => [
  ...patternRules('dns', 'DNS', patterns, allowedHost, deniedHost),
  ...(wildcards === false ? [formRule('wildcards', '*', 'must not be a wildcard')] : []),
  ...(underscore === false ? [formRule('underscore', '_', 'must not have an underscore')] : []),
];

const formRule = (member: string, character: string, demand: string): Rule =>
  function* (candidate) {
    for (const name of namesOf(candidate, 'DNS'))
      if (name.text.includes(character)) yield nameRefusal(`names.dns.${member}`, name, demand);
  };

const namesOf = (candidate: Candidate, kind: string): readonly NamedText[] =>
  [...alternativeNames(candidate), ...subjectNames(candidate)].filter((name) => name.kind === kind);

function patternRules(
  member: string,
  kind: string,
  { allow, deny }: PatternsDocument,
  allowed: TestOf,
  denied: TestOf,
): readonly Rule[] {
  const allowTests = allow && read(member, 'allow', allow, allowed);
  const denyTests = read(member, 'deny', deny ?? [], denied);
  return [
    function* (candidate): Iterable<Refusal> {
      for (const name of namesOf(candidate, kind)) {
        const stopped = denyTests.findIndex((matches) => matches(name));
        if (stopped >= 0)
          yield nameRefusal(`names.${member}.deny`, name, `must not match ${quoted(deny?.[stopped] ?? '')}`);
        if (allowTests !== undefined && !allowTests.some((matches) => matches(name)))
          yield nameRefusal(`names.${member}.allow`, name, `must match ${listed(allow ?? [])}`);
      }
    },
  ];
}

const read = (
  member: string,
  list: 'allow' | 'deny',
  patterns: readonly string[],
  testOf: TestOf,
): readonly NameTest[] =>
  patterns.map((pattern, index) => inDocument(['names', member, list, index], () => testOf(pattern)));
