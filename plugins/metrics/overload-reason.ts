/** Why a request is refused: the queue of the engine is too long, or the event loop is late. */
export const OVERLOADS = Object.freeze(['queue', 'event-loop'] as const);
export type Overload = (typeof OVERLOADS)[number];
