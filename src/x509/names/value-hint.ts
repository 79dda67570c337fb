import type { AttributeType } from './attribute-type.ts';

/** Returns the end of a sentence about a value that its attribute type does not allow: what is right instead. */
export function valueHint({ name, syntax }: AttributeType, value: string): string {
  if (syntax === 'country' && /^[A-Za-z]{2}$/.test(value)) return `; write ${value.toUpperCase()}`;
  return name === 'CN' ? '; put a longer name into the subject alternative names (san)' : '';
}
