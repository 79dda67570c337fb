/** What is said of the configuration elsewhere, made from its schema. */

import { describeConstraint } from '../src/base/schema-text.ts';
import { SCOPES } from '../src/access/scopes.ts';
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
    accepts: describeConstraint(schema),
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
one line that names the variable, never its value.

\`npm run config\` prints the configuration in force, secrets masked.

| variable | default | accepts | meaning |
| --- | --- | --- | --- |
${variables.map(tableRow).join('\n')}

## API_KEYS_FILE

A line a key, \`id:name:sha256:scopes:not_after\`, as \`npm run apikey\` makes it; lines that begin with \`#\` do not count:

\`\`\`text
# id:name:sha256:scopes:not_after
7cefd81d:web team:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855:certs:issue,inspect:2027-11-24T00:00:00Z
\`\`\`

\`sha256\` is that of the whole key, \`scopes\` are separated by commas, and \`not_after\`, in UTC, may be left out. Two keys of one name
may be good at the same time, so that the second can replace the first. The scopes: ${SCOPES.map((scope) => `\`${scope}\``).join(', ')}.
\`kill -HUP\` has the file read again; where it is not right the log says which line, and the keys of before stay in force.
`;

const tableRow = ({ name, default: value, accepts, description }: Variable): string =>
  `| \`${name}\` | ${value === '' ? '–' : `\`${value}\``} | ${accepts} | ${description} |`;
