/** Whether the service in this container answers: exit code 0, or 1. For the HEALTHCHECK of the image. */

import http from 'node:http';
import https from 'node:https';

const { PORT, BASE_PATH = '', TLS_CERT_FILE } = process.env;
const { get } = TLS_CERT_FILE ? https : http;

/** The certificate names the service as it is known outside, not this address, so it is not judged here. */
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
