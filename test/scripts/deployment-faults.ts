/** Deployments with one fault each, and the finding of the doctor for it. */

import type { Environment } from '../../src/config/load.ts';
import { PROXY_ADDRESS, type Site } from '../support/nginx-site.ts';

const FORWARDED = 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;';
const FORWARDED_PROTO = `${FORWARDED} proxy_set_header X-Forwarded-Proto $scheme;`;

export interface DeploymentFault {
  readonly fault: string;
  /** The one finding. */
  readonly found: RegExp;
  readonly environment?: Environment;
  readonly site?: Site;
  /** Of the proxy, where its certificate is the fault. */
  readonly certificate?: 'ended' | 'ending' | 'misnamed';
}

export const DEPLOYMENT_FAULTS: readonly DeploymentFault[] = [
  {
    fault: 'a network of clients is trusted',
    found: /rate limit: A client that sends X-Forwarded-For with another address/,
    environment: { TRUST_PROXY: '127.0.0.0/8' },
  },
  {
    fault: 'no rate limit',
    found: /rate limit: Replies have no RateLimit field/,
    environment: { RATE_LIMIT_PER_HOUR: '0' },
  },
  {
    fault: 'no authentication',
    found: /authentication: A request without a key is not rejected \(expected 401, got 400/,
    environment: { API_KEYS: '', API_KEYS_FILE: '', METRICS_PORT: '0' },
  },
  {
    fault: 'public metrics',
    found: /metrics: \/metrics is public/,
    site: {
      lines: 'server_tokens off; location = /metrics { return 200 "up 1"; }',
    },
  },
  {
    fault: 'the proxy hides that a body is too long',
    found: /body limit: A body that is too long gets 413 from a proxy/,
    site: { lines: 'server_tokens off; client_max_body_size 100k;' },
  },
  {
    fault: 'the proxy adds a field that is there',
    found: /headers: Replies have x-content-type-options twice/,
    site: { lines: 'server_tokens off; add_header X-Content-Type-Options nosniff always;' },
  },
  {
    fault: 'the proxy takes a field away',
    found: /headers: Replies have no content-security-policy/,
    site: {
      location: `${FORWARDED_PROTO} proxy_hide_header Content-Security-Policy;`,
    },
  },
  {
    fault: 'the proxy does not say that it speaks https',
    found: /headers: Replies over https have no Strict-Transport-Security/,
    site: { location: FORWARDED },
  },
  {
    fault: 'the proxy tells its version',
    found: /headers: The field server contains the version/,
    site: { lines: 'server_tokens on;' },
  },
  {
    fault: 'pages of every origin may read',
    found: /cors: The reply to GET from the origin https:\/\/origin\.invalid .*: \*/,
    site: { lines: 'server_tokens off; add_header Access-Control-Allow-Origin * always;' },
  },
  {
    fault: 'pages of the origin that asks may read',
    found: /cors: The reply to OPTIONS from the origin null .*: null/,
    site: { lines: 'server_tokens off; add_header Access-Control-Allow-Origin $http_origin always;' },
  },
  {
    fault: 'a form is passed on as JSON',
    found: /forms: A form is not rejected \(expected 415, got 400/,
    site: { location: `${FORWARDED_PROTO} proxy_set_header Content-Type application/json;` },
  },
  {
    fault: 'the proxy drops the key',
    found: /authentication: The key is rejected \(401/,
    site: { location: `${FORWARDED_PROTO} proxy_set_header X-API-Key "";` },
  },
  {
    fault: 'the proxy drops WWW-Authenticate',
    found: /authentication: A reply 401 has no WWW-Authenticate/,
    site: { location: `${FORWARDED_PROTO} proxy_hide_header WWW-Authenticate;` },
  },
  {
    fault: 'the documentation is cut off',
    found: /documentation: \/docs returned 200 and \/docs\/json 403/,
    site: { lines: 'server_tokens off; location = /docs/json { return 403; }' },
  },
  {
    fault: 'it is not ready',
    found: /probes: \/readyz returned 503: repair audit/,
    site: {
      lines: `server_tokens off; location = /readyz { return 503 '{"checks":{"audit":"x"}}'; }`,
    },
  },
  {
    fault: 'another service answers',
    found: /health: \/health returned 404/,
    site: { lines: 'server_tokens off; location = /health { return 404; }' },
  },
  {
    fault: 'the proxy replaces the certificate',
    found: /issuance: The reply contains no certificate/,
    site: {
      lines: `server_tokens off; location = /api/v1/certificate/generate {
        if ($content_length = 70) { return 200 '{"certificate":"bm8="}'; }
        proxy_pass http://127.0.0.1:SERVICE; proxy_bind ${PROXY_ADDRESS}; }`,
    },
  },
  {
    fault: 'the certificate has ended',
    found: /tls: The certificate is not valid for localhost \(CERT_HAS_EXPIRED\)/,
    certificate: 'ended',
  },
  {
    fault: 'the certificate ends soon',
    found: /tls: The certificate expires in \d days/,
    certificate: 'ending',
  },
  {
    fault: 'the certificate is for another name',
    found: /tls: The certificate is not valid for localhost \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    certificate: 'misnamed',
  },
  {
    fault: 'TLS 1.1 is accepted',
    found: /tls: TLS 1\.1 or older is accepted/,
    site: {
      protocols: 'TLSv1.1 TLSv1.2 TLSv1.3',
      lines: 'server_tokens off; ssl_ciphers DEFAULT@SECLEVEL=0;',
    },
  },
  {
    fault: 'TLS 1.3 is not supported',
    found: /tls: TLS 1\.3 is not supported/,
    site: { protocols: 'TLSv1.2' },
  },
  {
    fault: 'HTTP/2 is not supported',
    found: /tls: HTTP\/2 is not supported/,
    site: { listen: 'ssl' },
  },
];
