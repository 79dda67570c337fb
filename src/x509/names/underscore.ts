/**
 * DNS names with `_`, as Consul and Docker Compose use them. The DNS allows every octet in a label (RFC 2181 §11), but host
 * names do not have this one (RFC 1123 §2.1).
 */

/** Whether underscores are the only ASCII characters of the name that host names do not have. */
export const isUnderscored = (name: string): boolean =>
  name.includes('_') && /^[\w.\P{ASCII}-]+$/u.test(name);

/** Letters, digits, underscores and inner hyphens, 1 to 63. */
const LABEL = /^(?!-|..--)[a-z\d_-]{1,63}(?<!-)$/i;

/** Returns what is wrong with the labels that have an underscore, as the rest of a sentence; undefined if nothing is. */
export function underscoreFault(name: string): string | undefined {
  const labels = name.split('.');
  if (labels.length > 1 && labels.at(-1)?.includes('_'))
    return 'must not have "_" in its last label: no top-level domain has one';
  return labels.every((label) => !label.includes('_') || LABEL.test(label))
    ? undefined
    : 'must have labels with "_" of 1 to 63 letters, digits, underscores and inner hyphens';
}

/** The name with a letter for each underscore: it has the same labels and lengths. */
export const replaceUnderscores = (name: string): string => name.replaceAll('_', 'a');

/** Puts the labels of `name` that have an underscore into `parsed`, in lower case. */
export function restoreUnderscores(name: string, parsed: string): string {
  const labels = name.split('.');
  return parsed
    .split('.')
    .map((label, index) => (labels[index]?.includes('_') ? labels[index].toLowerCase() : label))
    .join('.');
}
