/**
 * Does what `--disable-proto=delete` does, however the process was started: no object has `__proto__` any more, so no input
 * can change a prototype by that name (CWE-1321).
 */
export function removeProtoAccessor(): void {
  Reflect.deleteProperty(Object.prototype, '__proto__');
}
