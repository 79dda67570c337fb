/** The extensions of one structure as the rules see them: each value is read when a rule asks for it, and only once. */

import { ifReadable } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { shownOidName } from '../formats/known-oids.ts';
import { extensionOid } from '../formats/oids.ts';
import { describeValue } from '../x509/extensions/descriptions.ts';
import type { Extension } from '../x509/extensions/extension.ts';
import { VALUE_READERS, type ReadableName, type ValueOf } from './values.ts';

type ExtensionName = keyof typeof extensionOid;

const READABLE: ReadonlyMap<string, ReadableName> = new Map(
  (Object.keys(VALUE_READERS) as ReadableName[]).map((name) => [extensionOid[name], name]),
);

export class ExtensionValues {
  readonly extensions: readonly Extension[];
  readonly #byOid = new Map<string, Extension>();
  readonly #values = new Map<ReadableName, unknown>();

  /** Of an extension that occurs twice, the first one counts. */
  constructor(extensions: readonly Extension[]) {
    this.extensions = extensions;
    for (const extension of extensions)
      if (!this.#byOid.has(extension.oid)) this.#byOid.set(extension.oid, extension);
  }

  find(oid: string): Extension | undefined {
    return this.#byOid.get(oid);
  }

  has(name: ExtensionName): boolean {
    return this.#byOid.has(extensionOid[name]);
  }

  /** Undefined when the extension is absent. */
  isCritical(name: ExtensionName): boolean | undefined {
    return this.#byOid.get(extensionOid[name])?.critical;
  }

  /** Undefined when the extension is absent or has another structure. */
  value<Name extends ReadableName>(name: Name): ValueOf<Name> | undefined {
    if (!this.#values.has(name)) this.#values.set(name, this.#read(name));
    return this.#values.get(name) as ValueOf<Name> | undefined;
  }

  #read(name: ReadableName): unknown {
    const extension = this.#byOid.get(extensionOid[name]);
    if (extension === undefined || extension.fault !== undefined) return undefined;
    const read: (value: Der) => unknown = VALUE_READERS[name];
    return ifReadable(() => read(extension.value));
  }

  /** Names of the extensions whose value is DER, but not of the structure of its type, each once. */
  malformed(): readonly string[] {
    return [...this.#byOid.values()]
      .filter((extension) => extension.fault === undefined && this.#isMalformed(extension))
      .map(({ oid }) => extensionNamed(oid));
  }

  #isMalformed({ oid, value }: Extension): boolean {
    const name = READABLE.get(oid);
    if (name !== undefined) return this.value(name) === undefined;
    return ifReadable(() => describeValue(oid, value) ?? []) === undefined;
  }
}

/** Where an extension is, for findings. */
export const extensionNamed = (oid: string): string => `extensions.${shownOidName(oid)}`;
