/** Which content coding a client accepts (RFC 9110 §12.5.3). */

export type Encoding = 'br' | 'gzip' | 'identity';

/** Returns the smallest form that the client accepts. `field` is the value of Accept-Encoding. */
export function encodingFor(field: string | undefined): Encoding {
  const weights = weightsIn(field ?? '');
  const accepted = (name: string): boolean => (weights.get(name) ?? weights.get('*') ?? 0) > 0;
  if (accepted('br')) return 'br';
  return accepted('gzip') ? 'gzip' : 'identity';
}

function weightsIn(field: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of field.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    weights.set(name, weightIn(parameters));
  }
  return weights;
}

/** RFC 9110 §12.4.2: 1 unless there is a weight. A weight that is not a number counts as 0. */
function weightIn(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
}
