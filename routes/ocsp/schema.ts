import { Type } from 'typebox';

export const REQUEST_TYPE = 'application/ocsp-request';
export const RESPONSE_TYPE = 'application/ocsp-response';

const response = {
  200: {
    description:
      'An OCSPResponse, DER: a signed statement, or an error such as `unauthorized` or `tryLater`.',
    content: { [RESPONSE_TYPE]: { schema: Type.Unsafe<Uint8Array>({ description: 'OCSPResponse, DER.' }) } },
  },
};

const ABOUT =
  'The responder of the stored authorities (RFC 6960, RFC 9654, RFC 9919). It needs no authentication. ' +
  'Errors are OCSP errors with status 200, not problem documents. A service without a store has no such path.';

export const requestByPost = {
  operationId: 'requestOcsp',
  tags: ['ocsp'],
  summary: 'Show whether certificates are revoked',
  description: `${ABOUT} The body is an OCSPRequest, DER, about 1 to 100 certificates of one issuer.`,
  body: {
    content: { [REQUEST_TYPE]: { schema: Type.Unsafe<Uint8Array>({ description: 'OCSPRequest, DER.' }) } },
  },
  response,
};

export const requestByGet = {
  operationId: 'requestOcspByGet',
  tags: ['ocsp'],
  summary: 'Show whether a certificate is revoked',
  description: `${ABOUT} The rest of the path is the OCSPRequest: DER, then base64, then percent-encoded.`,
  params: Type.Object({ '*': Type.String({ description: 'The request.' }) }),
  response,
};
