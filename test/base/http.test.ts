/** The service loads no module of Node.js that it does not use and that takes much memory. */

import { join } from 'node:path';
import t from 'tap';
import { plainNode } from '../support/plain-node.ts';
import { ROOT } from '../support/process.ts';

/** Prints whether the HTTP client behind `WebSocket` and `fetch` is loaded after an import. */
const program = (module: string): string => `
  await import(${JSON.stringify(module)});
  console.log(process.moduleLoadList.some((name) => name.includes('undici')));`;

t.test('the service does not load the HTTP client of Node.js', async (t) => {
  for (const [module, loads] of [
    [join(ROOT, 'service/server.ts'), 'false\n'],
    ['node:http', 'true\n'],
  ] as const) {
    const { stdout } = await plainNode(t, ['--input-type=module', '-e', program(module)]);
    t.equal(stdout, loads, module);
  }
});
