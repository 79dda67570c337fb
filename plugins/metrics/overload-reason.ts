/** Why a request is refused: the queue of the engine is too long, the event loop is late, or too many exports run. */
export const OVERLOADS = Object.freeze(['queue', 'event-loop', 'streams'] as const);
export type Overload = (typeof OVERLOADS)[number];
