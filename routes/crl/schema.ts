import { Type } from 'typebox';

/** RFC 2585 §4.2; there is no registered type for PEM. */
export const CRL_TYPES = Object.freeze({
  der: 'application/pkix-crl',
  pem: 'application/x-pem-file',
} as const);

const octets = (description: string) => ({ schema: Type.Unsafe<Uint8Array>({ description }) });

export const readCrl = {
  operationId: 'readCrl',
  tags: ['publication'],
  summary: 'Read a CRL of a stored authority',
  description:
    'The newest CRL of an authority key (RFC 5280 §5), at the URL that its certificates name. It needs no authentication. ' +
    'Conditional requests are supported, by `ETag` and by `Last-Modified`, which is thisUpdate. Caches may keep it until nextUpdate.',
  params: Type.Object({
    file: Type.String({
      description:
        'Id of the authority key with the extension `crl` (DER) or `pem`; for one of several CRLs with `-` and its number.',
      examples: ['7d44ce44-5f5f-4b4e-8d3e-0d1c2b3a4f5e.crl'],
    }),
  }),
  response: {
    200: {
      description: 'The CRL.',
      content: {
        [CRL_TYPES.der]: octets('CertificateList, DER.'),
        [CRL_TYPES.pem]: octets('The same as PEM.'),
      },
    },
    304: { description: 'The client has the newest CRL already.' },
  },
};
