import type { Test } from 'tap';
import { freePort } from '../../support/free-port.ts';
import { run, START } from '../../support/process.ts';
import { until } from '../../support/until.ts';

/**
 * Starts the service without rate limits and without a log, because reading the log would slow it down under load.
 * Returns its address once it listens.
 */
export async function startQuietService(t: Test): Promise<{ readonly url: string; readonly pid: number }> {
  const port = String(await freePort());
  const limits = { RATE_LIMIT_PER_HOUR: '0', RATE_LIMIT_GENERATE_PER_MINUTE: '0' };
  const { pid = 0 } = run(t, [START], { PORT: port, LOG_LEVEL: 'silent', ...limits });
  const url = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(`${url}/health`, { headers: { Connection: 'close' } }).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return { url, pid };
}
