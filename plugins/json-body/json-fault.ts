/** What JSON.parse lets pass and this service does not: size without end, and two members of one name. */

// More than any request needs.
export const MAX_DEPTH = 16;
export const MAX_MEMBERS = 100;

/** Names by which a careless copy of an object changes the prototype of another. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

/**
 * A sentence about the first such fault of a JSON text. Takes one pass over the text, so that it may go before
 * JSON.parse; of a text that is no JSON it may answer anything.
 */
export function jsonFault(text: string): string | undefined {
  /** The names that each open object has so far. */
  const open: Set<string>[] = [];
  let string = '';
  for (let i = 0; i < text.length; i++) {
    switch (text.charAt(i)) {
      case '{':
      case '[':
        if (open.push(new Set()) > MAX_DEPTH) return `The body is nested deeper than ${MAX_DEPTH} levels`;
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const start = i + 1;
        i = endOfString(text, start);
        string = text.slice(start, i);
        break;
      }
      case ':': {
        const fault = nameFault(open.at(-1) ?? new Set(), unescaped(string));
        if (fault !== undefined) return fault;
        break;
      }
    }
  }
  return undefined;
}

function nameFault(names: Set<string>, name: string): string | undefined {
  if (FORBIDDEN_NAMES.has(name)) return `A member must not be named ${name}`;
  if (names.has(name)) return 'The body has two members of the same name';
  if (names.add(name).size > MAX_MEMBERS) return `An object in the body has more than ${MAX_MEMBERS} members`;
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '"') return i;
    if (text[i] === '\\') i++;
  }
  return text.length;
}

/** RFC 8259 §8.3: names are compared after their escapes are undone. */
function unescaped(string: string): string {
  if (!string.includes('\\')) return string;
  try {
    return String(JSON.parse(`"${string}"`));
  } catch {
    return string;
  }
}
