/** Another certificate of the same end entity, with its key, in a request for a CSR (RFC 9763 §3.1). */

import { Type } from 'typebox';
import type { RelatedInput } from '../../src/ca/related-request.ts';
import { PkiError } from '../../src/base/errors.ts';
import { STRICT } from '../../src/formats/reading.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { decodeCertificates, decodePrivateKey } from '../wire/decode.ts';
import { encoded, password, secret } from '../wire/fields.ts';

export const relatedMembers = {
  related_certificate: Type.Optional(
    encoded(
      'Another certificate of the same end entity, with `related_private_key`: the CSR gets relatedCertRequest (RFC 9763 §3.1), ' +
        'so that a CA can bind the new certificate to this one. It can come with the certificates above it',
    ),
  ),
  related_private_key: Type.Optional(
    secret('The private key of `related_certificate` (PKCS #8, or another form that keys/convert reads)'),
  ),
  related_private_key_password: password('`related_private_key`, when it is encrypted'),
};

interface Body {
  readonly related_certificate?: string | undefined;
  readonly related_private_key?: Uint8Array | undefined;
  readonly related_private_key_password?: Uint8Array | undefined;
}

/** Runs `task`, which reads the related certificate if there is one. Its key is destroyed before this returns. */
export async function withRelated<Result>(
  keys: Keys,
  body: Body,
  task: (related: (() => Promise<RelatedInput>) | undefined) => Promise<Result>,
): Promise<Result> {
  const { related_certificate: certificate, related_private_key: key } = body;
  requireBoth(body);
  if (certificate === undefined || key === undefined) return task(undefined);
  let signer: PrivateKey | undefined;
  try {
    return await task(async () => {
      const certificates = decodeCertificates('related_certificate', certificate);
      const options = { password: body.related_private_key_password };
      signer = await decodePrivateKey(keys, 'related_private_key', key, STRICT, options);
      return { certificates, signer, reading: STRICT };
    });
  } finally {
    signer?.destroy();
  }
}

/** Throws PkiError at the member that is missing. */
function requireBoth({ related_private_key_password: secretOfKey, ...body }: Body): void {
  const { related_certificate: certificate, related_private_key: key } = body;
  const isKeyExpected = certificate !== undefined || secretOfKey !== undefined;
  if (isKeyExpected && key === undefined) throw required('related_private_key', 'related_certificate');
  if (key !== undefined && certificate === undefined)
    throw required('related_certificate', 'related_private_key');
}

const required = (member: string, other: string): PkiError =>
  new PkiError('invalid-key-options', `It is required together with ${other}`, [member]);
