import { objectIdentifier } from '../../formats/der/writer.ts';

/** Longest dotted OID that a name can contain, in characters: more than any registered one has. */
export const MAX_OID_LENGTH = 128;

/** Whether `text` is a dotted OID of at most {@link MAX_OID_LENGTH} characters. */
export function isObjectIdentifier(text: string): boolean {
  if (text.length > MAX_OID_LENGTH) return false;
  try {
    return objectIdentifier(text).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
