/**
 * The programs besides Node.js that some tests need. If a program is missing, its tests are skipped with the reason (`{
 * skip: curlMissing }`). With REQUIRE_SERVICES=1, as in `.ci/run`, the import throws the reason instead.
 */
import { findProgram } from '../../scripts/find-program.ts';

/** The reason why a test cannot run here, for `skip` of tap; false if it can run. */
export type Missing = string | false;

export function missing(reason: string): string {
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(`REQUIRE_SERVICES=1, but ${reason}`);
  return reason;
}

export const missingProgram = (path: string | undefined, name: string): Missing =>
  path === undefined && missing(`${name} is not installed`);

export const curlMissing = missingProgram(findProgram('curl'), 'curl');

export const nginxPath = findProgram('nginx');
export const nginxMissing = missingProgram(nginxPath, 'nginx');

export const haproxyPath = findProgram('haproxy');
export const haproxyMissing = missingProgram(haproxyPath, 'haproxy');

export const apachePath = findProgram('apache2');
export const apacheMissing = missingProgram(apachePath, 'apache2');

export const caddyPath = findProgram('caddy');
export const caddyMissing = missingProgram(caddyPath, 'caddy');

export const faketimePath = findProgram('faketime');
export const faketimeMissing = missingProgram(faketimePath, 'faketime');

export const redisPath = findProgram('redis-server');
export const redisMissing = missingProgram(redisPath, 'redis-server');

export const keytoolPath = findProgram('keytool');
export const keytoolMissing = missingProgram(keytoolPath, 'keytool');

export const unzipPath = findProgram('unzip');
export const unzipMissing = missingProgram(unzipPath, 'unzip');

export const jqMissing = missingProgram(findProgram('jq'), 'jq');

export const chromiumPath =
  process.env.CHROMIUM ?? findProgram('chromium', 'chromium-browser', 'google-chrome');
export const chromiumMissing = missingProgram(chromiumPath, 'Chromium');

export const compilerOfC = findProgram('cc');
export const compilerOfCMissing = missingProgram(compilerOfC, 'cc');

export const compilerMissing =
  missingProgram(findProgram('c++'), 'c++') ||
  missingProgram(findProgram('cmake'), 'cmake') ||
  missingProgram(findProgram('ninja'), 'ninja');
