/**
 * A process that does only the cryptographic operations of a request, with an engine alone.
 * `node bench/limit.ts ENGINE LEVEL OPERATIONS MILLISECONDS` prints a JSON line {@link LimitFigure}.
 * UV_THREADPOOL_SIZE=1 keeps the native engine to one core.
 */

import { generateKeyPairSync, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import type { MlDsaParameterSetName } from '../src/algorithms/ml-dsa/parameter-sets.ts';
import { createNativeEngine } from '../src/algorithms/ml-dsa/engines/native.ts';

/** An operation. A list contains it as often as a request needs it. */
export type Operation = MlDsaOperation | `ecdsa-${MlDsaOperation}`;

type MlDsaOperation = 'keygen' | 'sign' | 'verify';

export interface LimitFigure {
  /** How often all operations were done. */
  readonly rounds: number;
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** As long as the tbsCertificate of an ML-DSA-65 certificate. */
const MESSAGE = randomBytes(2300);

type Act = () => unknown;
type Acts = Readonly<Record<MlDsaOperation, Act>>;
type Engine = (level: MlDsaParameterSetName) => Acts | Promise<Acts>;

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

const ecdsaPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The classical half of a hybrid pair: ECDSA with P-256, which node:crypto computes with every engine. */
function ecdsa(): Readonly<Record<Exclude<Operation, MlDsaOperation>, Act>> {
  const { publicKey, privateKey } = ecdsaPair();
  const signature = sign('sha256', MESSAGE, privateKey);
  return {
    'ecdsa-keygen': () => void ecdsaPair(),
    'ecdsa-sign': () => void sign('sha256', MESSAGE, privateKey),
    'ecdsa-verify': () => void verify('sha256', MESSAGE, publicKey, signature),
  };
}

/** Its operations are asynchronous, and as fast as synchronous ones (docs/decisions/2026-11-24-native-engine.md). */
const nativeEngine: Engine = async (level) => {
  const engine = createNativeEngine();
  const key = await engine.generateKey(level);
  const signature = await engine.sign(key, MESSAGE);
  return {
    keygen: async () => (await engine.generateKey(level)).destroy(),
    sign: () => engine.sign(key, MESSAGE),
    verify: () => engine.verify(level, key.publicKey, MESSAGE, signature),
  };
};

const ENGINES: Readonly<Record<string, Engine>> = {
  native: nativeEngine,
  node: nodeEngine,
  noble: nobleEngine,
};

/** Concurrent rounds, so that one thread of libuv is always busy. */
const IN_FLIGHT = 4;

async function measure(acts: readonly Act[], milliseconds: number): Promise<LimitFigure> {
  for (const act of acts) await act();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let rounds = 0;
  const go = async (): Promise<void> => {
    for (; performance.now() - start < milliseconds; rounds++) for (const act of acts) await act();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, go));
  const { user, system } = process.cpuUsage(cpu);
  return { rounds, seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , engine = '', level = '', operations = '', milliseconds = ''] = process.argv;
  const acts = await ENGINES[engine]?.(level as MlDsaParameterSetName);
  if (acts === undefined) throw new Error(`${engine} is no engine of this measurement`);
  const all = { ...acts, ...ecdsa() };
  const wanted = operations.split(',').map((operation) => all[operation as Operation]);
  console.log(JSON.stringify(await measure(wanted, Number(milliseconds))));
}
