/** Where in an order the parts of the certificate are from, for refusals. */

import type { Origin, Path } from '../policy/rule.ts';
import { encodeGeneralName } from '../x509/names/general-name-encoding.ts';
import { pathOfKey } from './order-notes.ts';
import type { Order, OrderContent } from './order.ts';

export function originOf(order: Pick<Order, 'days' | 'predecessor'>, content: OrderContent): Origin {
  const { key, addedNames, names } = content;
  const given = names?.subjectAltNames ?? addedNames;
  const indexes = new Map(given.map((name, index) => [keyOf(name), index]));
  const source: Path = order.predecessor ? [order.predecessor.way] : pathOfKey(key);
  return {
    key: key.from === 'new-key' ? ['algorithm'] : pathOfKey(key),
    subject: names ? ['subject'] : source,
    validity: validityPath(order, content),
    name(name) {
      const index = indexes.get(keyOf(name));
      return index === undefined ? source : ['subjectAltNames', index];
    },
  };
}

const keyOf = (name: Parameters<typeof encodeGeneralName>[0]): string =>
  Buffer.from(encodeGeneralName(name)).toString('latin1').toLowerCase();

/** Empty for the default of the profile. */
function validityPath({ days }: Pick<Order, 'days'>, { options: { validity } }: OrderContent): Path {
  if (validity === undefined) return days === undefined ? [] : ['days'];
  if ('days' in validity) return ['days'];
  return 'duration' in validity ? ['validity'] : ['notAfter'];
}
