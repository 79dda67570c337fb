/** A rule of a profile: an order that it lets in, and one that it stops. */
export interface ProfileRow {
  readonly document: object;
  readonly accepted: object;
  readonly refused: object;
  readonly pointer: string;
  readonly value?: string;
  /** The name of the row unless given. */
  readonly rule?: string;
}

export type ProfileRows = Readonly<Record<string, ProfileRow>>;

export const names = (...san: readonly string[]) => ({ san });
