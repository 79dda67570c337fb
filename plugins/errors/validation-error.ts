/** Turns an error of Ajv into a sentence that names the member and says what is expected. */

import { describeConstraint, type SchemaNode } from '../../src/base/schema-text.ts';
import { closestName } from '../../src/base/edit-distance.ts';
import type { MemberError } from './problem.ts';

/** An error of Ajv in verbose mode. Nothing reads `data`, which can be a private key. */
export interface ValidationError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema?: SchemaNode & { readonly properties?: Readonly<Record<string, SchemaNode>> };
}

/** Ajv reports every alternative of a schema that failed. The deepest one is the most helpful. */
export function memberError(errors: readonly ValidationError[]): MemberError {
  const [last, ...others] = errors.toReversed();
  if (last === undefined) return { pointer: '', message: 'The request is invalid' };
  return describe(others.find((error) => depth(error) > depth(last)) ?? last);
}

const depth = ({ instancePath }: ValidationError): number => instancePath.split('/').length;

function describe(error: ValidationError): MemberError {
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownMember(error, String(error.params['additionalProperty']));
    case 'required':
      return missingMember(error, String(error.params['missingProperty']));
    default:
      return wrongMember(error);
  }
}

function unknownMember({ instancePath, parentSchema }: ValidationError, name: string): MemberError {
  const pointer = `${instancePath}/${escaped(clipped(name))}`;
  const similar = closestName(name, Object.keys(parentSchema?.properties ?? {}));
  const hint = similar === undefined ? '' : `; did you mean \`${similar}\`?`;
  return { pointer, message: `${memberName(pointer)} is not a member of this request${hint}` };
}

function missingMember({ instancePath, parentSchema }: ValidationError, name: string): MemberError {
  const pointer = `${instancePath}/${escaped(name)}`;
  const schema = parentSchema?.properties?.[name];
  const hint = schema === undefined ? '' : `: it must be ${describeConstraint(schema)}`;
  return { pointer, message: `${memberName(pointer)} is missing${hint}` };
}

const wrongMember = ({ instancePath, parentSchema = {} }: ValidationError): MemberError => ({
  pointer: instancePath,
  message: `${memberName(instancePath)} must be ${describeConstraint(parentSchema)}`,
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
