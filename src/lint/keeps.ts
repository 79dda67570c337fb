import { ifReadable } from '../base/errors.ts';
import type { Rule } from './rule.ts';

/** Whether the content keeps the rule. */
export const keeps = <Content>({ check }: Pick<Rule<Content>, 'check'>, content: Content): boolean =>
  ifReadable(() => check(content)) ?? false;
