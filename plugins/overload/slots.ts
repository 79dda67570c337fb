/** The slots of a queue, and how many each holder has taken. */
export interface Slots<Holder> {
  readonly taken: number;
  take(holder: Holder, count: number): void;
  /** Releases all slots of a holder; a second call does nothing. */
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
