/** The places of a queue, and who has taken how many of them. */
export interface Slots<Holder> {
  readonly taken: number;
  take(holder: Holder, count: number): void;
  /** All that it has taken, and none the second time. */
  giveBack(holder: Holder): void;
}

export function createSlots<Holder>(): Slots<Holder> {
  const holders = new Map<Holder, number>();
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    take(holder, count) {
      holders.set(holder, count);
      taken += count;
    },
    giveBack(holder) {
      taken -= holders.get(holder) ?? 0;
      holders.delete(holder);
    },
  };
}
