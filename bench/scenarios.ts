/** The measured requests, and the cryptographic operations that each needs. */

import {
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../src/algorithms/ml-dsa/parameter-sets.ts';
import type { Operation } from './limit.ts';
import { post, requestOf, type Service } from './service.ts';

export interface Scenario {
  readonly route: string;
  /** Any special content of the request. */
  readonly remark?: string;
  readonly level: MlDsaParameterSetName;
  readonly body: object;
  /** The operations that it needs. The service verifies each signature before it sends it. */
  readonly needs: readonly Operation[];
}

/** The text of one request. */
export const requestIn = ({ route, body }: Pick<Scenario, 'route' | 'body'>): string =>
  requestOf(route, body);

/** The subject of the certificates. */
export const NAMED = {
  subject: '/C=US/O=Example Org/CN=www.example.com',
  san: ['DNS:www.example.com', 'DNS:example.com', 'IP:192.0.2.1'],
} as const;

const ISSUING = ['keygen', 'sign', 'verify'] as const;

/** Certificates with each number of names. */
export const scenariosOfNames = (counts: readonly number[]): Scenario[] =>
  counts.map((count) => {
    const san = Array.from({ length: count }, (_, i) => `DNS:host-${i}.example.com`);
    return {
      route: '/certificate/generate',
      remark: `${count} names`,
      level: 'ml-dsa-65',
      body: { ...NAMED, san },
      needs: ISSUING,
    };
  });

/** All scenarios. The service creates the CSRs and CAs that some of them need. */
export async function scenarios(service: Service): Promise<Scenario[]> {
  return (await Promise.all(ML_DSA_PARAMETER_SETS.map((level) => scenariosOf(service, level)))).flat();
}

async function scenariosOf(service: Service, level: MlDsaParameterSetName): Promise<Scenario[]> {
  const named = { ...NAMED, security_level: level };
  const ca = await post(service, '/certificate/generate', { ...named, is_ca: true });
  const { csr } = await post(service, '/csr/generate', named);
  const signing = { csr, ca_certificate: ca.certificate, ca_private_key: ca.private_key };
  const signed = await post(service, '/csr/sign', signing);
  const scenario = (route: string, body: object, ...needs: Operation[]): Scenario => ({
    route,
    level,
    body,
    needs,
  });
  return [
    scenario('/certificate/generate', named, ...ISSUING),
    scenario('/keys/generate', { security_level: level }, 'keygen'),
    scenario('/csr/generate', named, ...ISSUING),
    // The CA's key is sent as its seed. Expanding the seed costs as much as a key generation.
    scenario('/csr/sign', signing, 'verify', ...ISSUING),
    scenario(
      '/certificate/hybrid',
      { ...named, classical_algorithm: 'ecdsa' },
      ...ISSUING,
      'ecdsa-keygen',
      'ecdsa-sign',
      'ecdsa-verify',
    ),
    // Its own signature is verified.
    scenario('/certificate/inspect', { certificate: ca.certificate }, 'verify'),
    scenario('/certificate/verify', { certificate: signed.certificate, anchors: [ca.certificate] }, 'verify'),
    scenario('/keys/convert', { key: ca.private_key }, 'keygen'),
    scenario('/identify', { data: signed.chain }),
    scenario('/lint', { data: signed.chain }),
  ];
}
