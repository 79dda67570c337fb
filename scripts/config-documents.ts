/** What is said of the configuration elsewhere, made from its schema. */

import { expectation } from '../src/expectation.ts';
import { schemaOf, VARIABLE_NAMES, type VariableName } from '../src/config/schema.ts';

interface Variable {
  readonly name: VariableName;
  readonly description: string;
  readonly accepts: string;
  /** As it would be written; empty where the description says what happens without the variable. */
  readonly default: string;
}

const variables: readonly Variable[] = VARIABLE_NAMES.map((name) => {
  const schema = schemaOf(name);
  return {
    name,
    description: schema.description ?? '',
    accepts: expectation(schema),
    default: written(schema.default),
  };
});

function written(value: unknown): string {
  if (value === undefined) return '';
  return Array.isArray(value) ? value.join(',') : JSON.stringify(value).replaceAll('"', '');
}

export const envExample = (): string =>
  [
    '# Copy to .env and uncomment what should differ. Made by `npm run generate`; docs/configuration.md says more.',
    ...variables.map(envEntry),
  ].join('\n\n') + '\n';

const envEntry = ({ name, description, default: value }: Variable): string =>
  [...wrapped(description, 100).map((line) => `# ${line}`), `#${name}=${value}`].join('\n');

function wrapped(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length < width) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export const configurationPage = (): string => `# Configuration

<!-- Made by \`npm run generate\` from src/config/schema.ts: change it there. -->

The service reads its environment once, when it starts, and a file \`.env\` in its working directory. The environment
counts for more than the file, and an empty variable counts as absent. \`.env.example\` lists every variable.

A wrong value, or a name that looks like one of these and is not (\`CORS_ORIGIN\`), stops the start with exit code 78 and
one line that names the variable, never its value. So does \`API_KEYS\`, \`REDIS_URL\`, \`TRUST_PROXY\` or \`LOG_FILE\`, which
this version does not support yet: to ignore them would leave open what somebody believes to be closed.

\`npm run config\` prints the configuration in force, secrets masked.

| variable | default | accepts | meaning |
| --- | --- | --- | --- |
${variables.map(tableRow).join('\n')}
`;

const tableRow = ({ name, default: value, accepts, description }: Variable): string =>
  `| \`${name}\` | ${value === '' ? '–' : `\`${value}\``} | ${accepts} | ${description} |`;
