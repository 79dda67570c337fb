import { Type } from 'typebox';

/** RFC 2585 §4.1. */
export const CERTIFICATE_TYPE = 'application/pkix-cert';

export const readIssuer = {
  operationId: 'readIssuer',
  tags: ['publication'],
  summary: 'Read the certificate of a stored authority',
  description:
    'The CA certificate of an authority key, at the URL that its certificates name as caIssuers. It needs no authentication.',
  params: Type.Object({
    file: Type.String({
      description: 'Id of the authority key with the extension `cer`.',
      examples: ['7d44ce44-5f5f-4b4e-8d3e-0d1c2b3a4f5e.cer'],
    }),
  }),
  response: {
    200: {
      description: 'The certificate.',
      content: {
        [CERTIFICATE_TYPE]: { schema: Type.Unsafe<Uint8Array>({ description: 'Certificate, DER.' }) },
      },
    },
    304: { description: 'The client has the certificate already.' },
  },
};
