/** The pages about problems, and the page for an unknown path, in HTML without scripts. */

import { hash } from 'node:crypto';
import { DOCUMENTED_PROBLEMS, type DocumentedProblem } from '../errors/help/documented-problems.ts';
import { SERVICE_NAME } from '../../src/base/version.ts';

const STYLE =
  ':root{color-scheme:light dark}body{max-width:45rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}' +
  'pre{overflow:auto;padding:1rem;border:1px solid #8888;border-radius:.3rem}li{margin:.3rem 0}';

/** The only style that these pages may use is {@link STYLE}, which the policy names by its hash. */
export const PROBLEM_PAGE_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
].join('; ');

/** Returns the list of all kinds of problems. */
export const problemIndexPage = (): string =>
  page(
    'Problems',
    `<p>Every error of this service is a problem document (RFC 9457). Its <code>type</code> leads to one of these pages.</p>
<ul>
${DOCUMENTED_PROBLEMS.map(indexEntry).join('\n')}
</ul>
<p><a href="../docs">Documentation of the API</a></p>`,
  );

const indexEntry = ({ code, status, title }: DocumentedProblem): string =>
  `<li><a href="problems/${code}"><code>${code}</code></a> (${status}): ${escaped(title)}</li>`;

/** Returns the page about one kind of problem. `example` is a document of it. */
export const problemPage = (problem: DocumentedProblem, example: object): string =>
  page(
    problem.title,
    `<p><code>${problem.code}</code>, HTTP status ${problem.status}</p>
<h2>What it means</h2>
<p>${prose(problem.meaning)}</p>
<h2>What to do</h2>
<p>${prose(problem.remedy)}</p>
<h2>Example</h2>
<pre><code>${escaped(JSON.stringify(example, null, 2))}</code></pre>
<p><a href="../problems">All problems</a></p>`,
  );

/** Returns the page for a path that no route serves. It repeats nothing of the request. */
export const notFoundPage = (documentation: string): string =>
  page(
    'Page not found',
    `<p>No page of this service has this address.</p>
<p><a href="${escaped(documentation)}">Documentation of the API</a></p>`,
  );

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – ${escaped(SERVICE_NAME)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;

/** Text between backticks is code. */
const prose = (text: string): string => escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
