import { ISSUING } from '../wire/cost.ts';

/** Makes or changes an authority. */
export const MANAGING = Object.freeze({ ...ISSUING, scope: 'authorities:manage' } as const);

export const READING = Object.freeze({ scope: 'certs:read' } as const);
