#!/usr/bin/env node
/**
 * `npx x509-lint`: lints files of certificates. Plain JavaScript, so that an older Node.js can run it.
 *
 * Node.js removes the types of TypeScript, but not below a folder node_modules, where npx installs this package.
 */

import { readFileSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';
import { isSuitableNode, runSuitableNode } from './packaged-node.js';

if (isSuitableNode()) {
  if (import.meta.url.includes('/node_modules/')) removeTypes();
  await import('../scripts/x509-lint.ts');
} else {
  runSuitableNode([fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}

function removeTypes() {
  const emitWarning = process.emitWarning.bind(process);
  // The function that removes types is experimental, which the user of the command cannot change
  process.emitWarning = (warning, ...more) => {
    if (!String(warning).includes('stripTypeScriptTypes')) emitWarning(warning, ...more);
  };
  module.registerHooks({ load });
}

/** @type {import('node:module').LoadHookSync} */
function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const source = module.stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
  return { format: 'module', source, shortCircuit: true };
}
