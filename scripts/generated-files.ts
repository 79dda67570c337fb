/** Files that are generated from the code and committed. A test fails if one is stale. */

import { format, resolveConfig } from 'prettier';
import { configFrom, type Environment } from '../src/config/load.ts';
import { createApp } from '../service/server.ts';
import { chartReadme } from './chart-readme.ts';
import { configurationPage, envExample } from './config-documents.ts';
import { exampleText, type Service } from './examples.ts';
import { interoperabilityPage } from './interoperability/results.ts';
import { lintRulesPage } from './lint-rules-document.ts';
import { problemsPage } from './problem-documents.ts';
import { readingPage } from './reading-document.ts';

/** The values of the examples in openapi.yaml, which the routes import: the other files are made after it. */
export const EXAMPLES = 'routes/wire/examples.json';

const UNGUARDED: Environment = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
};

/** openapi.yaml describes a service with the default limits that accepts keys and access tokens. */
export const DOCUMENTED = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  DOCS_ENABLED: 'true',
  RATE_LIMIT_PER_HOUR: '100',
  RATE_LIMIT_GENERATE_PER_MINUTE: '10',
  API_KEYS: 'a-key',
} satisfies Environment;

/** A function that makes the text of each file, by its path from the folder of package.json. */
export const GENERATED_FILES: ReadonlyMap<string, () => Promise<string>> = new Map([
  [EXAMPLES, async () => formatted(EXAMPLES, await withApp(UNGUARDED, exampleText))],
  ['.env.example', async () => envExample()],
  ['deploy/helm/README.md', async () => formatted('deploy/helm/README.md', await chartReadme())],
  ['docs/configuration.md', () => formatted('docs/configuration.md', configurationPage())],
  ['docs/interoperability.md', () => formatted('docs/interoperability.md', interoperabilityPage())],
  ['docs/lint-rules.md', () => formatted('docs/lint-rules.md', lintRulesPage())],
  ['docs/problems.md', () => formatted('docs/problems.md', problemsPage())],
  ['docs/reading.md', () => formatted('docs/reading.md', readingPage())],
  ['openapi.yaml', () => withApp(DOCUMENTED, async (app) => app.swagger({ yaml: true }))],
]);

async function withApp<T>(environment: Environment, use: (app: Service) => Promise<T>): Promise<T> {
  const app = await createApp(configFrom(environment));
  await app.ready();
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

async function formatted(path: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
