/** deploy/nginx, in front of real services. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CLIENTS } from '../support/compat-clients.ts';
import { testFront } from '../support/front-tests.ts';
import { NGINX_FRONT } from '../support/fronts.ts';
import { ROOT } from '../support/process.ts';

testFront(t, NGINX_FRONT, CLIENTS);

/** The directives of a file, without comments. */
const directives = (name: string): string[] =>
  readFileSync(join(ROOT, 'deploy/nginx', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

t.test('both files for HTTP/2 listen on the same addresses', async (t) => {
  const current = directives('mldsa-api-listen.conf');
  const older = directives('mldsa-api-listen-1.22.conf');
  t.equal(current.at(-1), 'http2 on;');
  t.same(
    older,
    current.slice(0, -1).map((line) => line.replace(' ssl;', ' ssl http2;')),
    'nginx before 1.25.1 has a parameter of "listen" in place of the directive',
  );
});
