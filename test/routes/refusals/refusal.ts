/** A request that is refused, beside one that differs a little and is accepted. Both need a subject. */
export interface Refusal {
  readonly refused: object;
  /** JSON Pointer of the member that the error names. */
  readonly pointer: string;
  readonly message: RegExp;
  readonly accepted: object;
}

export type Refusals = Readonly<Record<string, Refusal>>;

export const uri = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `http://a.example/${index}`);

export const SPIFFE_ID = 'spiffe://example.org/service';
