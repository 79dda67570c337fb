/**
 * The steps of issuing, in their order (Boulder's issuance cycle): nothing is signed that is not linted and reserved, and
 * nothing is returned that is not stored.
 */
export const ISSUANCE_STEPS = Object.freeze([
  'validated',
  'prepared',
  'reserved',
  'signed',
  'compared',
  'stored',
] as const);

export type IssuanceStep = (typeof ISSUANCE_STEPS)[number];

/** Called after each step. A test throws from it, or ends the process; the service has none. */
export type StepObserver = (step: IssuanceStep) => void | Promise<void>;
