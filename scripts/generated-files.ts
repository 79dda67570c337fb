/** Files that are generated from the code and committed. A test fails if one is stale. */

import { format, resolveConfig } from 'prettier';
import { configFrom } from '../src/config/load.ts';
import { createApp } from '../service/server.ts';
import { chartReadme } from './chart-readme.ts';
import { configurationPage, envExample } from './config-documents.ts';
import { problemsPage } from './problem-documents.ts';

/** A function that makes the text of each file, by its path from the folder of package.json. */
export const GENERATED_FILES: ReadonlyMap<string, () => Promise<string>> = new Map([
  ['.env.example', async () => envExample()],
  ['deploy/helm/README.md', async () => formatted('deploy/helm/README.md', await chartReadme())],
  ['docs/configuration.md', () => formatted('docs/configuration.md', configurationPage())],
  ['docs/problems.md', () => formatted('docs/problems.md', problemsPage())],
  ['openapi.yaml', openapiDocument],
]);

async function openapiDocument(): Promise<string> {
  const app = await createApp(configFrom({ LOG_LEVEL: 'silent' }));
  await app.ready();
  const document = app.swagger({ yaml: true });
  await app.close();
  return document;
}

async function formatted(path: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
