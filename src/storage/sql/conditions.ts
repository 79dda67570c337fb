import type { SqlValue } from './transaction.ts';

/** The conditions of a query with their values. */
export class Conditions {
  readonly values: SqlValue[];
  readonly #texts: string[] = [];

  /** Of a subquery: those of the query, whose values it shares. */
  constructor(outer?: Conditions) {
    this.values = outer?.values ?? [];
  }

  /** Adds a condition, in which `$` stands for the value. */
  add(text: string, value: SqlValue): void {
    this.#texts.push(text.replace('$', () => this.parameter(value)));
  }

  /** Adds a condition unless the value is undefined. */
  addGiven(text: string, value: SqlValue | undefined): void {
    if (value !== undefined) this.add(text, value);
  }

  /** Adds a condition without values of its own. */
  addText(text: string): void {
    this.#texts.push(text);
  }

  /** Adds a condition for rows beyond a place. */
  addPlace(columns: string, comparison: '<' | '>' | '<=', place: readonly SqlValue[]): void {
    this.addText(`(${columns}) ${comparison} (${place.map((value) => this.parameter(value)).join(', ')})`);
  }

  /** Returns the name of a new parameter. */
  parameter(value: SqlValue): string {
    return `$${this.values.push(value)}`;
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `WHERE ${this.#texts.join(' AND ')}`;
  }
}
