import { invalidDocument, inDocument } from '../invalid-document.ts';
import { attributeTypeByName, attributeTypeName } from '../../x509/names/attribute-type.ts';
import { quoted } from '../../x509/names/printable-text.ts';
import type { AttributeDocument, SubjectDocument } from '../document.ts';
import { listed } from '../listed.ts';
import { alternativeNames, subjectAttributes, type SubjectAttribute } from '../named-text.ts';
import type { Candidate, Refusal, Rule } from '../rule.ts';
import { valuePattern } from '../text-pattern.ts';

export interface AttributeRule extends AttributeDocument {
  /** Dotted OID. */
  readonly oid: string;
  /** Name in the document. */
  readonly member: string;
}

/** Throws PkiError invalid-profile-document for an unknown attribute, or one with two rules. */
export function readAttributeRules({ attributes = {} }: SubjectDocument): readonly AttributeRule[] {
  const seen = new Set<string>();
  return Object.entries(attributes).map(([member, rule]) => {
    const path = ['subject', 'attributes', member];
    const oid = inDocument(path, () => attributeTypeByName(member));
    if (seen.has(oid)) throw invalidDocument(`The attribute ${attributeTypeName(oid)} has two rules`, path);
    seen.add(oid);
    if (rule.fixed !== undefined && (rule.values ?? rule.presence ?? rule.from_san) !== undefined)
      throw invalidDocument('A fixed value leaves no other rule for the attribute', path);
    return { ...rule, oid, member };
  });
}

/** Throws PkiError invalid-profile-document. */
export function subjectRules(subject: SubjectDocument): readonly Rule[] {
  const attributes = readAttributeRules(subject);
  const known = new Set(attributes.map(({ oid }) => oid));
  return [
    ...attributes.flatMap(attributeRules),
    ...(subject.others === 'forbidden' ? [othersRule(known)] : []),
  ];
}

const othersRule = (known: ReadonlySet<string>): Rule =>
  function* (candidate) {
    for (const attribute of subjectAttributes(candidate))
      if (!known.has(attribute.oid))
        yield refusal('others', candidate, attribute, 'is not allowed in the subject');
  };

function attributeRules({ oid, member, presence, fixed, values, from_san }: AttributeRule): readonly Rule[] {
  const name = attributeTypeName(oid);
  const rule = `attributes.${member}`;
  const valuesOf = (candidate: Candidate) =>
    subjectAttributes(candidate).filter((attribute) => attribute.oid === oid);
  const each = (part: string, isAllowed: ValueTest, demand: string): Rule =>
    function* (candidate) {
      for (const attribute of valuesOf(candidate))
        if (!isAllowed(attribute.value, candidate))
          yield refusal(`${rule}.${part}`, candidate, attribute, demand);
    };
  const missing = (part: string, demand: string): Rule =>
    function* (candidate) {
      if (valuesOf(candidate).length === 0)
        yield {
          rule: `subject.${rule}.${part}`,
          path: candidate.origin.subject,
          message: `The subject must have the attribute ${name}${demand}`,
        };
    };
  return [
    ...(presence === 'required' ? [missing('presence', '')] : []),
    ...(presence === 'forbidden' ? [each('presence', () => false, 'is not allowed in the subject')] : []),
    ...(fixed === undefined
      ? []
      : [
          missing('fixed', ` ${quoted(fixed)}`),
          each('fixed', (value) => value === fixed, `must be ${quoted(fixed)}`),
        ]),
    ...(values ? [each('values', oneOf(values, member), `must match ${listed(values)}`)] : []),
    ...(from_san === true
      ? [each('from_san', isAlternativeName, 'must be a subject alternative name too')]
      : []),
  ];
}

type ValueTest = (value: string, candidate: Candidate) => boolean;

function oneOf(patterns: readonly string[], member: string): ValueTest {
  const tests = patterns.map((pattern, index) =>
    inDocument(['subject', 'attributes', member, 'values', index], () => valuePattern(pattern)),
  );
  return (value) => tests.some((matches) => matches(value));
}

/** Host names are compared without their case (RFC 5280 §7.2). */
const isAlternativeName: ValueTest = (value, candidate) =>
  alternativeNames(candidate).some(({ kind, text }) =>
    kind === 'DNS' ? text.toLowerCase() === value.toLowerCase() : text === value,
  );

const refusal = (
  rule: string,
  { origin }: Candidate,
  { name, value }: SubjectAttribute,
  demand: string,
): Refusal => ({
  rule: `subject.${rule}`,
  path: origin.subject,
  value: `${name}=${value}`,
  message: `The attribute ${quoted(`${name}=${value}`)} ${demand}`,
});
