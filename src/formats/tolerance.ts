/** A deviation from a standard that is read. */
export interface Tolerance {
  /** What is read, as a noun phrase. */
  readonly found: string;
  /** The clause that forbids it. */
  readonly clause: string;
  /** What becomes of it, as a sentence without its full stop. */
  readonly treatment: string;
  /** Programs that write it. */
  readonly writers: string;
  /** Whether it is read only to be shown, and rejected where something is certified. */
  readonly inspectionOnly?: true;
}
