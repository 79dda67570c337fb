/** The instructions of the Dockerfile. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './process.ts';

interface Instruction {
  readonly name: string;
  readonly value: string;
}

export type Stage = readonly Instruction[];

/** The instructions of each stage, in order. */
function stagesOf(dockerfile: string): Instruction[][] {
  const lines = dockerfile.replaceAll(/\\\n\s*/g, '').split('\n');
  const stages: Instruction[][] = [];
  for (const line of lines.filter((text) => /^[A-Z]/.test(text))) {
    const [, name = '', value = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, value });
  }
  return stages;
}

export const STAGES: readonly Stage[] = stagesOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));

export const valuesOf = (stage: Stage, name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ value }) => value);

/** Returns an empty stage if no stage has this name. */
export const stageNamed = (name: string): Stage =>
  STAGES.find((stage) => valuesOf(stage, 'FROM')[0]?.endsWith(` AS ${name}`)) ?? [];

/** The last stage, which a build without a target builds. */
export const IMAGE: Stage = stageNamed('service');

/** Returns the words of an instruction that is written as a JSON array. */
export const commandOf = (name: string): string[] => {
  const [text = '[]'] = valuesOf(IMAGE, name);
  return JSON.parse(text.slice(text.indexOf('['))) as string[];
};

export interface Copy {
  /** Another stage; undefined for the tree. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
  /** User and group that the copy belongs to; root without them. */
  readonly owner?: readonly [number, number];
}

export const copiesOf = (stage: Stage): Copy[] => valuesOf(stage, 'COPY').map(copyOf);

export function copyOf(value: string): Copy {
  const [, from, user, group, paths = ''] =
    /^(?:--from=(\S+) )?(?:--chown=(\d+):(\d+) )?(.*)$/.exec(value) ?? [];
  const words = paths.split(/\s+/);
  const copy = { from, sources: words.slice(0, -1), target: words.at(-1) ?? '' };
  return user === undefined ? copy : { ...copy, owner: [Number(user), Number(group)] };
}

export const ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  valuesOf(IMAGE, 'ENV').flatMap((value) =>
    [...value.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = '', quoted, plain = '']) => [
      name,
      quoted ?? plain,
    ]),
  ),
);
