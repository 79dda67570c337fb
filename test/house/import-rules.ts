import { posix } from 'node:path';
import { IMPORT_RULES, type ImportRule, isInside, ownerOf } from '../../oxlint.config.ts';

export interface Import {
  /** The path of the importing file, from the root of the repository. */
  readonly from: string;
  readonly specifier: string;
  readonly isType: boolean;
}

/** Returns why IMPORT_RULES refuses an import; undefined if they allow it. */
export function refusalOf({ from, specifier, isType }: Import): string | undefined {
  const owner = ownerOf(from);
  const rule = owner === undefined ? undefined : IMPORT_RULES[owner];
  if (rule === undefined) return `${from} has no row in IMPORT_RULES`;
  const folder = posix.dirname(from);
  const path = posix.join(folder, specifier);
  const isAllowed = specifier.startsWith('.')
    ? specifier === specifierOf(folder, path) &&
      (ownerOf(path) === owner || rule.paths.some((allowed) => isInside(path, allowed)))
    : mayLoad(rule, specifier, isType);
  return isAllowed ? undefined : `${from} must not import '${specifier}'`;
}

/**
 * Returns the only accepted spelling of `path` in a file of `folder`. A path with an escaped letter or a query differs
 * from it.
 */
export function specifierOf(folder: string, path: string): string | undefined {
  const relative = posix.relative(folder, path);
  if (!/^[\w./-]+$/.test(relative)) return undefined;
  return relative.startsWith('.') ? relative : `./${relative}`;
}

function mayLoad({ packages = [], types = [] }: ImportRule, module: string, isType: boolean): boolean {
  if (module.startsWith('node:') && module !== 'node:module') return true;
  return [...packages, ...(isType ? types : [])].some((name) => posix.matchesGlob(module, name));
}
