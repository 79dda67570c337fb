import { PkiError } from '../base/errors.ts';
import type { Authority } from '../storage/ports.ts';
import type { AuthorityContext } from './context.ts';

/**
 * Returns the settings of an authority whose CRL has so many parts. The URL is kept: certificates and CRLs must name the
 * same one as long as there are certificates (RFC 5280 §5.2.5). Throws PkiError invalid-authority.
 */
export function crlSettings(
  { publicUrl }: Pick<AuthorityContext, 'publicUrl'>,
  shards: number | undefined,
): Authority['settings'] {
  if (shards === undefined || shards === 1) return {};
  if (publicUrl !== undefined) return { crl: { shards, url: publicUrl } };
  throw new PkiError(
    'invalid-authority',
    'A CRL in several parts needs PUBLIC_URL in the configuration of the service',
    ['crlShards'],
  );
}
