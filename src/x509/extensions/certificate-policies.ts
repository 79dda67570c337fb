import * as pkijs from 'pkijs';
import type { Der } from '../../formats/der/header.ts';
import { oidName } from '../../formats/oids.ts';

export function describeCertificatePolicies(value: Der): string[] {
  const { certificatePolicies } = pkijs.CertificatePolicies.fromBER(value);
  return certificatePolicies.map(({ policyIdentifier }) => oidName(policyIdentifier));
}
