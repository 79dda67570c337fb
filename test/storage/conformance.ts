/** What every adapter of the store must do. */

import type { Test } from 'tap';
import type { Preparation } from '../../src/storage/sql/preparation.ts';
import type { Store } from '../../src/storage/ports.ts';
import { testChain } from './conformance/audit.ts';
import { testAuthorities, testKeys, testProfiles } from './conformance/authorities.ts';
import { testCrls } from './conformance/crls.ts';
import { testIdempotency } from './conformance/idempotency.ts';
import { testIssuance } from './conformance/issuance.ts';
import { testRecords } from './conformance/records.ts';
import { testRevocation } from './conformance/revocation.ts';
import { testRevokedKeys } from './conformance/revoked-keys.ts';
import { testSearch } from './conformance/search.ts';
import type { Testing } from './conformance/testing.ts';
import { testWebhooks } from './conformance/webhooks.ts';

interface Opened {
  readonly store: Store;
  readonly preparation: Preparation;
}

/** A busy machine is not a failure. */
export const PATIENCE = 60_000;

/** `open` returns an empty store. The suite closes it. */
export function testConformance(t: Test, open: (t: Test) => Opened): void {
  const test: Testing = (name, check) =>
    void t.test(name, async (t) => {
      const { store, preparation } = open(t);
      t.teardown(() => store.close());
      await preparation.attempt();
      await check(t, store);
    });
  testAuthorities(test);
  testKeys(test);
  testProfiles(test);
  testIssuance(test);
  testIdempotency(test);
  testSearch(test);
  testChain(test);
  testRecords(test);
  testRevocation(test);
  testRevokedKeys(test);
  testCrls(test);
  testWebhooks(test);
}
