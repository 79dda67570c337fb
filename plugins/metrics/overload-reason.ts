/** Why a request is refused: too much waits for the engine, or the event loop is late. */
export const OVERLOADS = Object.freeze(['queue', 'event-loop'] as const);
export type Overload = (typeof OVERLOADS)[number];
