/** Exit code 0 if /health of the service in this container returns 200, otherwise 1. For the HEALTHCHECK of the image. */

import http from 'node:http';
import https from 'node:https';

const { PORT, BASE_PATH = '', TLS_CERT_FILE } = process.env;
const { get } = TLS_CERT_FILE ? https : http;

/** The certificate is not verified: it names the public host name of the service, not 127.0.0.1. */
const request = {
  host: '127.0.0.1',
  port: PORT,
  path: `${BASE_PATH}/health`,
  timeout: 4000,
  rejectUnauthorized: false,
};

get(request, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
