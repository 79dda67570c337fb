import { quoted } from '../../x509/names/printable-text.ts';
import type { PublicKey } from '../../keys/key.ts';
import type { KeysDocument, ProfileKeyAlgorithm } from '../document.ts';
import { listed } from '../listed.ts';
import type { Candidate, Refusal, Rule } from '../rule.ts';

export function keyRules({ algorithms, rsa_minimum_bits, issuer_algorithms }: KeysDocument): readonly Rule[] {
  return [
    ...(algorithms ? [algorithmRule(algorithms)] : []),
    ...(rsa_minimum_bits === undefined ? [] : [sizeRule(rsa_minimum_bits)]),
    ...(issuer_algorithms ? [issuerRule(issuer_algorithms)] : []),
  ];
}

const isAmong = ({ family, algorithm }: PublicKey, allowed: readonly ProfileKeyAlgorithm[]): boolean =>
  allowed.some((name) => name === algorithm || name === family);

const algorithmRule = (allowed: readonly ProfileKeyAlgorithm[]): Rule =>
  function* ({ publicKey, origin }) {
    if (!isAmong(publicKey, allowed))
      yield refusal('keys.algorithms', origin.key, publicKey, `must be ${listed(allowed)}`);
  };

const sizeRule = (minimum: number): Rule =>
  function* ({ publicKey, origin }: Candidate): Iterable<Refusal> {
    if (publicKey.family === 'rsa' && sizeOf(publicKey) < minimum)
      yield refusal('keys.rsa_minimum_bits', origin.key, publicKey, `must have at least ${minimum} bits`);
  };

/** In bits: `rsa-3072`. */
const sizeOf = ({ algorithm }: PublicKey): number => Number(algorithm.slice(algorithm.lastIndexOf('-') + 1));

const issuerRule = (allowed: readonly ProfileKeyAlgorithm[]): Rule =>
  function* ({ issuerKey }) {
    if (isAmong(issuerKey, allowed)) return;
    yield {
      rule: 'keys.issuer_algorithms',
      path: [],
      value: issuerKey.algorithm,
      message: `The key of the authority is ${quoted(issuerKey.algorithm)}; it must be ${listed(allowed)}`,
    };
  };

const refusal = (rule: string, path: Refusal['path'], { algorithm }: PublicKey, demand: string): Refusal => ({
  rule,
  path,
  value: algorithm,
  message: `The key is ${quoted(algorithm)}; it ${demand}`,
});
