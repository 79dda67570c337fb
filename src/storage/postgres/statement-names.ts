/** Names of prepared statements. The text of a statement has the same name on each connection. */
export class StatementNames {
  readonly #names = new Map<string, string>();

  nameOf(sql: string): string {
    const known = this.#names.get(sql);
    if (known !== undefined) return known;
    const name = `s${this.#names.size}`;
    this.#names.set(sql, name);
    return name;
  }
}
