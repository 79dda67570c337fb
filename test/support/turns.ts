/** Counts the turns of the event loop: other work can run between two of them. */
export function countTurns(): { readonly end: () => number } {
  let count = 0;
  let timer = setImmediate(function turn() {
    count += 1;
    timer = setImmediate(turn);
  });
  return {
    end() {
      clearImmediate(timer);
      return count;
    },
  };
}
