/**
 * The pure limit: a process that does nothing but what a request needs of the cryptography, with the engine alone and
 * nothing around it. `node bench/limit.ts ENGINE LEVEL OPERATIONS MILLISECONDS` prints a JSON line {@link LimitFigure}.
 */

import { generateKeyPairSync, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import type { SecurityLevel } from '../src/algorithms/ml-dsa.ts';

/** `keygen`, `sign` and `verify`, as often as each is needed. */
export type Operation = 'keygen' | 'sign' | 'verify';

export interface LimitFigure {
  /** Rounds of all operations. */
  readonly rounds: number;
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** As long as the tbsCertificate of an ML-DSA-65 certificate. */
const MESSAGE = randomBytes(2300);

type Act = () => void;
type Engine = (level: SecurityLevel) => Readonly<Record<Operation, Act>>;

const nodeEngine: Engine = (level) => {
  const pair = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync(level);
  const { publicKey, privateKey } = pair();
  const signature = sign(null, MESSAGE, privateKey);
  return {
    keygen: () => void pair(),
    sign: () => void sign(null, MESSAGE, privateKey),
    verify: () => void verify(null, MESSAGE, publicKey, signature),
  };
};

const NOBLE = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 };

const nobleEngine: Engine = (level) => {
  const scheme = NOBLE[level];
  const { publicKey, secretKey } = scheme.keygen(randomBytes(32));
  const signature = scheme.sign(MESSAGE, secretKey);
  return {
    keygen: () => void scheme.keygen(randomBytes(32)),
    sign: () => void scheme.sign(MESSAGE, secretKey),
    verify: () => void scheme.verify(signature, MESSAGE, publicKey),
  };
};

const ENGINES: Readonly<Record<string, Engine>> = { node: nodeEngine, noble: nobleEngine };

function measure(acts: readonly Act[], milliseconds: number): LimitFigure {
  for (const act of acts) act();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let rounds = 0;
  for (; performance.now() - start < milliseconds; rounds++) for (const act of acts) act();
  const { user, system } = process.cpuUsage(cpu);
  return { rounds, seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , engine = '', level = '', operations = '', milliseconds = ''] = process.argv;
  const acts = ENGINES[engine]?.(level as SecurityLevel);
  if (acts === undefined) throw new Error(`${engine} is no engine of this measurement`);
  const wanted = operations.split(',').map((operation) => acts[operation as Operation]);
  console.log(JSON.stringify(measure(wanted, Number(milliseconds))));
}
