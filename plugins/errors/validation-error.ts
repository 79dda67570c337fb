/** Turns the errors of Ajv into sentences that name the members and say what is expected. */

import { describeConstraint, type SchemaNode } from '../../src/base/schema-text.ts';
import { closestName } from '../../src/base/edit-distance.ts';
import { describeKeyText, looksLikeKey } from '../../src/base/key-text.ts';
import { plainSpelling, type SPELLINGS, type Spellings } from '../../src/base/spelling.ts';
import type { MemberError } from './problem.ts';
import { valueHint, type ReasonAgainst } from './value-hint.ts';

/** An error of Ajv in verbose mode. */
export interface ValidationError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** It can be a private key: it is compared, and never shown. */
  readonly data?: unknown;
  readonly parentSchema?: SchemaNode & {
    readonly properties?: Readonly<Record<string, SchemaNode>>;
    readonly [SPELLINGS]?: Spellings;
  };
}

/** Names by which callers know a member, with its name in the requests of this service. */
export type Synonyms = Readonly<Record<string, string>>;

/** What callers write in place of the members and values of a request. */
export interface Confusions {
  readonly synonyms: Synonyms;
  readonly reasonAgainst: ReasonAgainst;
}

/** Returns one error for each member at fault. Unknown members come first: a misspelt one is why another is missing. */
export function memberErrors(
  errors: readonly ValidationError[],
  confusions: Confusions,
): readonly MemberError[] {
  const found = new Map<string, MemberError>();
  for (const error of unknownFirst(withoutAlternatives(errors))) {
    if (found.size === MAX_ERRORS) break;
    const fault = describe(error, confusions);
    if (!found.has(fault.pointer)) found.set(fault.pointer, fault);
  }
  return [...found.values()];
}

/** A caller corrects a few members at a time. A hundred names can all be wrong. */
const MAX_ERRORS = 20;

const unknownFirst = (errors: readonly ValidationError[]): readonly ValidationError[] =>
  errors.toSorted((a, b) => Number(isUnknown(b)) - Number(isUnknown(a)));

const isUnknown = ({ keyword }: ValidationError): boolean => keyword === 'additionalProperties';

/** Ajv reports every alternative of a schema that failed, before the schema. Only the deepest error is helpful. */
function withoutAlternatives(errors: readonly ValidationError[]): readonly ValidationError[] {
  const kept: ValidationError[] = [];
  for (const error of errors) {
    const isAlternative = ({ schemaPath }: ValidationError): boolean =>
      error.keyword === 'anyOf' && schemaPath.startsWith(`${error.schemaPath}/`);
    const first = kept.findIndex(isAlternative);
    const alternatives = first < 0 ? [] : kept.splice(first);
    kept.push(alternatives.findLast((other) => depth(other) > depth(error)) ?? error);
  }
  return kept;
}

const depth = ({ instancePath }: ValidationError): number => instancePath.split('/').length;

function describe(error: ValidationError, { synonyms, reasonAgainst }: Confusions): MemberError {
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownMember(error, String(error.params['additionalProperty']), synonyms);
    case 'required':
      return missingMember(error, String(error.params['missingProperty']));
    default:
      return wrongMember(error, valueHint(error, reasonAgainst));
  }
}

function unknownMember(
  { instancePath, parentSchema }: ValidationError,
  name: string,
  synonyms: Synonyms,
): MemberError {
  if (looksLikeKey(name)) return keyAsName(instancePath, name);
  const pointer = `${instancePath}/${escaped(clipped(name))}`;
  const members = Object.keys(parentSchema?.properties ?? {});
  const meant = members.find(isMeantBy(name, synonyms)) ?? closestName(name, members);
  const hint = meant === undefined ? '' : `; did you mean \`${meant}\`?`;
  return { pointer, message: `${memberName(pointer)} is not a member of this request${hint}` };
}

/** Whether `name` is another spelling of the member, or a word for it in any spelling. */
function isMeantBy(name: string, synonyms: Synonyms): (member: string) => boolean {
  const plain = plainSpelling(clipped(name));
  const synonym = Object.entries(synonyms).find(([word]) => plainSpelling(word) === plain)?.[1];
  return (member) => member === synonym || plainSpelling(member) === plain;
}

/** The pointer is that of the object: a name that looks like a key is not repeated. */
const keyAsName = (pointer: string, name: string): MemberError => ({
  pointer,
  message: `${memberName(pointer)} has a member whose name is ${describeKeyText(name)}`,
});

function missingMember({ instancePath, parentSchema }: ValidationError, name: string): MemberError {
  const pointer = `${instancePath}/${escaped(name)}`;
  const schema = parentSchema?.properties?.[name];
  const hint = schema === undefined ? '' : `: it must be ${describeConstraint(schema)}`;
  return { pointer, message: `${memberName(pointer)} is missing${hint}` };
}

const wrongMember = ({ instancePath, parentSchema = {} }: ValidationError, hint: string): MemberError => ({
  pointer: instancePath,
  message: `${memberName(instancePath)} must be ${describeConstraint(parentSchema)}${hint}`,
});

/** Returns `san[2]` for `/san/2`, and `The body` for the empty pointer. */
export function memberName(pointer: string): string {
  if (pointer === '') return 'The body';
  const [first = '', ...rest] = pointer.slice(1).split('/').map(unescaped);
  return `\`${first}${rest.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('')}\``;
}

/** Names are echoed to the caller, so they are short and printable. */
const clipped = (name: string): string =>
  (name.length > 64 ? `${name.slice(0, 64)}…` : name).replace(UNPRINTABLE, '\ufffd');

/** Controls, format characters such as bidirectional overrides, lone surrogates, separators other than space. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

// RFC 6901 §3 and §4.
const escaped = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');
