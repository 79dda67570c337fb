/** RSA keys that can be factored with little work. */

/** The smallest public exponent that NIST allows: 2^16 + 1 (SP 800-56B §6.2). */
const MIN_EXPONENT = 65_537n;

/** Returns what is weak, as the predicate of a sentence about the key; undefined for a sound key. */
export function rsaWeakness(modulus: bigint, exponent: bigint): string | undefined {
  if (exponent < MIN_EXPONENT)
    return `has the public exponent ${exponent}; it must be at least ${MIN_EXPONENT}`;
  if (SMALL_PRIMES.some((prime) => modulus % prime === 0n)) return 'has a small prime factor';
  if (hasRocaFingerprint(modulus)) return 'has the fingerprint of CVE-2017-15361 (ROCA)';
  return hasCloseFactors(modulus) ? 'has two prime factors that are close together' : undefined;
}

/** The CA/Browser Forum rejects factors below 752 (Baseline Requirements §6.1.6). */
const SMALL_PRIMES = primesBelow(752);

function primesBelow(limit: number): readonly bigint[] {
  const primes: number[] = [];
  for (let n = 2; n < limit; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map(BigInt);
}

/**
 * The faulty library makes primes of the form k · M + (65537^a mod M), with M a product of small primes. So modulo each
 * of these primes, the modulus is a power of 65537 (Nemec et al., "The Return of Coppersmith's Attack", 2017).
 */
const ROCA_RESIDUES: readonly (readonly [prime: bigint, residues: ReadonlySet<bigint>])[] =
  SMALL_PRIMES.filter((prime) => prime > 2n && prime <= 167n).map((prime) => [
    prime,
    powersOf(MIN_EXPONENT, prime),
  ]);

function powersOf(base: bigint, modulus: bigint): ReadonlySet<bigint> {
  const powers = new Set<bigint>();
  for (let power = 1n; !powers.has(power); power = (power * base) % modulus) powers.add(power);
  return powers;
}

const hasRocaFingerprint = (modulus: bigint): boolean =>
  ROCA_RESIDUES.every(([prime, residues]) => residues.has(modulus % prime));

const FERMAT_ROUNDS = 100;

/** Fermat's method: n = a² - b² for an `a` that is close to the square root of n. */
function hasCloseFactors(modulus: bigint): boolean {
  let a = squareRoot(modulus);
  if (a * a < modulus) a += 1n;
  for (let round = 0; round < FERMAT_ROUNDS; round++, a += 1n) {
    if (isSquare(a * a - modulus)) return true;
  }
  return false;
}

/** Squares have few residues modulo 64 (12) and 63 (16): most other numbers need no root. */
const SQUARES_MOD_64 = residuesOfSquares(64n);
const SQUARES_MOD_63 = residuesOfSquares(63n);

function residuesOfSquares(modulus: bigint): ReadonlySet<bigint> {
  const residues = new Set<bigint>();
  for (let n = 0n; n < modulus; n++) residues.add((n * n) % modulus);
  return residues;
}

function isSquare(n: bigint): boolean {
  if (!SQUARES_MOD_64.has(n & 63n) || !SQUARES_MOD_63.has(n % 63n)) return false;
  const root = squareRoot(n);
  return root * root === n;
}

/** Returns the integer part of the square root, by Newton's method. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt((n.toString(16).length + 1) * 2);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
