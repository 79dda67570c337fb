/** The messages of errors are whole sentences, so no code has to guess their grammar before it prints them. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import t from 'tap';
import { ROOT } from '../support/process.ts';

const FILES = globSync('{src,plugins,routes,service}/**/*.ts', { cwd: ROOT });

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Message {
  readonly where: string;
  readonly text: string;
}

/** A capital letter, a name in backticks, an identifier of ASN.1 or of the environment, or a placeholder. */
const BEGINNING = /^(?:[A-Z`]|\$\{|[a-z]+[A-Z_]\w*)/;

const faultOf = ({ where, text }: Message, mustBegin: RegExp): string[] => [
  ...(mustBegin.test(text) ? [] : [`${where}: begin with a capital letter: ${text}`]),
  ...(text.endsWith('.') ? [`${where}: no full stop at the end: ${text}`] : []),
];

/** Returns the literals that `node` can be, without their quotes. */
function literalsOf(source: string, node: Node | undefined): string[] {
  if (node === undefined) return [];
  if ('consequent' in node && 'alternate' in node)
    return [node.consequent, node.alternate].flatMap((branch) => literalsOf(source, branch as Node));
  const text = source.slice(node.start, node.end);
  return /^['"`]/.test(text) ? [text.slice(1, -1)] : [];
}

/**
 * Returns the error messages in `source`: whole sentences, and the predicates that ConfigError puts after the name of
 * its variable.
 */
function messagesIn(path: string, source: string): { whole: Message[]; predicates: Message[] } {
  const { program } = parseSync(path, source);
  const helpers = helpersIn(program);
  const whole: Message[] = [];
  const predicates: Message[] = [];
  const add = (list: Message[], node: Node | undefined): void => {
    const where = `${path}:${source.slice(0, node?.start).split('\n').length}`;
    list.push(...literalsOf(source, node).map((text) => ({ where, text })));
  };
  new Visitor({
    NewExpression: ({ callee, arguments: args }) => {
      if (callee.type !== 'Identifier') return;
      if (callee.name === 'PkiError') add(whole, args[1]);
      if (callee.name === 'ConfigError') add(predicates, args[1]);
    },
    CallExpression: ({ callee, arguments: args }) => {
      if (callee.type === 'Identifier' && helpers.has(callee.name)) add(whole, args[0]);
    },
    ObjectExpression: ({ properties }) => {
      const members = new Map(
        properties.flatMap((property) =>
          property.type === 'Property' && property.key.type === 'Identifier'
            ? [[property.key.name, property.value]]
            : [],
        ),
      );
      if (members.has('code')) add(whole, members.get('detail'));
      if (members.has('pointer')) add(whole, members.get('message'));
    },
  }).visit(program);
  return { whole, predicates };
}

/** Functions such as `const invalid = (sentence: string): PkiError => new PkiError('invalid-san', sentence)`. */
function helpersIn(program: ReturnType<typeof parseSync>['program']): ReadonlySet<string> {
  const helpers = new Set<string>();
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'Identifier' || init?.type !== 'ArrowFunctionExpression') return;
      const [parameter] = init.params;
      const { body } = init;
      if (parameter?.type !== 'Identifier' || body.type !== 'NewExpression') return;
      const [, message] = body.arguments;
      const isPassedOn = message?.type === 'Identifier' && message.name === parameter.name;
      if (isPassedOn && body.callee.type === 'Identifier' && body.callee.name === 'PkiError')
        helpers.add(id.name);
    },
  }).visit(program);
  return helpers;
}

t.test('the message of an error is a whole sentence without a full stop', async (t) => {
  const found = FILES.map((path) => messagesIn(path, readFileSync(join(ROOT, path), 'utf8')));
  const whole = found.flatMap((messages) => messages.whole);
  const predicates = found.flatMap((messages) => messages.predicates);
  t.ok(whole.length > 80, `${whole.length} messages are found`);
  t.ok(predicates.length > 30, `${predicates.length} messages of ConfigError are found`);
  // ConfigError puts the name of the variable before its message: "PORT must be a whole number".
  const faults = [
    ...whole.flatMap((message) => faultOf(message, BEGINNING)),
    ...predicates.flatMap((message) => faultOf(message, /^/)),
  ];
  t.comment(`${faults.length} to rewrite`);
  t.same(faults, []);
});

t.test('a predicate or a full stop is found in every form of error', async (t) => {
  const forms = [
    "new PkiError('invalid-san', MESSAGE);",
    "new PkiError('invalid-san', isLong ? MESSAGE : MESSAGE, '/san');",
    "new ProblemError({ code: 'invalid-message', detail: MESSAGE });",
    "const PROBLEM = { code: 'not-found', detail: MESSAGE };",
    "const errors = [{ pointer: '/san', message: MESSAGE }];",
    "const invalid = (sentence: string) => new PkiError('invalid-san', sentence); throw invalid(MESSAGE);",
  ];
  const faults = (form: string, message: string): string[] =>
    messagesIn('a.ts', form.replaceAll('MESSAGE', message)).whole.flatMap((found) =>
      faultOf(found, BEGINNING),
    );
  for (const form of forms) {
    t.same(faults(form, "'The subject must name at least one attribute'"), [], form);
    t.same(faults(form, '`${quoted(name)} must be a host name`'), [], form);
    t.same(faults(form, "'notAfter must be later than notBefore'"), [], form);
    t.match(faults(form, "'must name at least one attribute'"), [/begin with a capital/], form);
    t.match(faults(form, "'The subject is empty.'"), [/no full stop/], form);
  }
});

t.test('no regular expression examines the grammar of a message before it is sent', async (t) => {
  const path = 'plugins/errors/problem-of.ts';
  const expressions: string[] = [];
  new Visitor({
    Literal: (node) => {
      if ('regex' in node) expressions.push(node.regex.pattern);
    },
  }).visit(parseSync(path, readFileSync(join(ROOT, path), 'utf8')).program);
  t.same(expressions, []);
});
