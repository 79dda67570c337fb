/**
 * The traffic that network policies allow. Each line names the pods, the direction, the other side, the protocol and
 * the port.
 */

import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';

type Spec = NonNullable<INetworkPolicy['spec']>;
type Rule = NonNullable<Spec['ingress']>[number] & NonNullable<Spec['egress']>[number];
type Peer = NonNullable<Rule['from']>[number];
type Selector = Peer['podSelector'];

const labels = (selector: Selector): string => {
  if (selector === undefined) return '';
  const wanted = selector.matchLabels ?? { all: 'all' };
  const names = Object.keys(wanted).toSorted();
  return names.map((name) => wanted[name]).join(' of ');
};

const peerOf = ({ namespaceSelector, podSelector, ipBlock }: Peer): string =>
  [namespaceSelector && `namespace ${labels(namespaceSelector)}`, labels(podSelector), ipBlock?.cidr]
    .filter(Boolean)
    .join(' ');

/** A rule without peers or ports would allow everything. */
function waysOf(owner: string, way: 'from' | 'to', rule: Rule): string[] {
  const peers = rule[way] ?? [{ ipBlock: { cidr: 'everywhere' } }];
  const ports = rule.ports ?? [{ protocol: 'any', port: 'any' }];
  return peers.flatMap((peer) =>
    ports.map(({ protocol, port }) => `${owner} ${way} ${peerOf(peer)}: ${protocol} ${port}`),
  );
}

export const allowedBy = (policies: readonly INetworkPolicy[]): string[] =>
  policies.flatMap(({ spec }) => {
    const owner = labels(spec?.podSelector);
    const ingress = (spec?.ingress ?? []).flatMap((rule) => waysOf(owner, 'from', rule));
    return [...ingress, ...(spec?.egress ?? []).flatMap((rule) => waysOf(owner, 'to', rule))];
  });
