/** The stored authorities of the configuration, for scripts. */

import type { AuthorityDomain } from '../src/authorities/compose.ts';
import { ConfigError } from '../src/config/error.ts';
import type { Domain } from '../src/domain.ts';

export interface OpenedAuthorities {
  readonly domain: Domain;
  readonly stored: AuthorityDomain;
}

/** Runs `task`, then closes everything. An error of the configuration or of the store ends the process. */
export async function withAuthorities(task: (opened: OpenedAuthorities) => Promise<void>): Promise<void> {
  // Here, so that `--help` of a script does not load them.
  const { exitFor, loadConfigOrExit } = await import('../src/config/load.ts');
  const { createDomain } = await import('../src/domain.ts');
  const { openAuthorities } = await import('../service/authorities.ts');
  const config = loadConfigOrExit();
  const domain = await createDomain(
    { engine: config.CRYPTO_ENGINE },
    { notBeforeSkew: config.NOT_BEFORE_SKEW },
  );
  try {
    const stored = await openAuthorities(config, domain, ({ message }) => console.error(message));
    if (stored === undefined) throw new ConfigError('DATA_DIR', 'or DATABASE_URL must be set');
    try {
      await task({ domain, stored });
    } finally {
      await stored.close();
    }
  } catch (error) {
    if (error instanceof ConfigError) exitFor(error);
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await domain.close();
  }
}
