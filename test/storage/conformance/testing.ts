import type { Test } from 'tap';
import type { Store } from '../../../src/storage/ports.ts';

/** Declares a test with an empty store of its own. */
export type Testing = (name: string, check: (t: Test, store: Store) => Promise<void>) => void;
