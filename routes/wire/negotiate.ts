/** Which of several media types a client prefers (RFC 9110 §12.5.1). */

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * Returns the member of `available` that the field Accept prefers, the first of them without a preference; undefined if it
 * accepts none. A range with an asterisk names no type, so it prefers none to the first if that is acceptable at all.
 */
export function preferredType<const Type extends string>(
  accept: string | undefined,
  available: readonly Type[],
): Type | undefined {
  if (accept === undefined || accept.trim() === '') return available[0];
  const ranges = accept.split(',').map(rangeOf);
  const named = new Set(ranges.map(({ type }) => type));
  const [first] = available;
  const firstIsAccepted = first !== undefined && qualityOf(first, ranges) > 0;
  const candidates = firstIsAccepted
    ? available.filter((type) => type === first || named.has(type))
    : available;
  const qualities = candidates.map((type) => qualityOf(type, ranges));
  const best = Math.max(...qualities);
  return best > 0 ? candidates[qualities.indexOf(best)] : undefined;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The most specific range decides. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const [main] = type.split('/', 1);
  for (const name of [type, `${main}/*`, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === name);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
