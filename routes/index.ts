/** The map of the API. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { documentAccess } from './wire/access.ts';
import { pointerOf } from './wire/pointers.ts';
import { audit } from './audit/index.ts';
import { authorities } from './authorities/index.ts';
import { bundle } from './bundle/index.ts';
import { certificate } from './certificate/index.ts';
import { certificates } from './certificates/index.ts';
import { crlInspection } from './crl-inspection/index.ts';
import { crl } from './crl/index.ts';
import { csr } from './csr/index.ts';
import { documentErrors } from './wire/problem-responses.ts';
import { health } from './health/index.ts';
import { identify } from './identify/index.ts';
import { info } from './info/index.ts';
import { issuers } from './issuers/index.ts';
import { keys } from './keys/index.ts';
import { lint } from './lint/index.ts';
import { ocsp } from './ocsp/index.ts';
import { profiles } from './profiles/index.ts';
import { reasonAgainst } from './wire/spellings.ts';
import { SYNONYMS } from './wire/synonyms.ts';
import { probes } from './probes/index.ts';
import { RAW_TYPES } from './wire/media-types.ts';
import { revocation } from './revocation/index.ts';
import { root } from './root/index.ts';
import { webhooks } from './webhooks/index.ts';
import { metrics } from './metrics/index.ts';

export const routes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.addHook('onRoute', documentErrors);
  app.addHook('onRoute', documentAccess);
  app.acceptJson();
  app.acceptRaw(RAW_TYPES);
  app.setErrorHandler(app.createErrorHandler({ pointerOf, synonyms: SYNONYMS, reasonAgainst }));

  // In the order of the documentation.
  app.register(root);
  app.register(certificate, { prefix: '/api/v1/certificate' });
  app.register(csr, { prefix: '/api/v1/csr' });
  app.register(keys, { prefix: '/api/v1/keys' });
  app.register(crlInspection, { prefix: '/api/v1/crl' });
  app.register(identify, { prefix: '/api/v1/identify' });
  app.register(lint, { prefix: '/api/v1/lint' });
  app.register(bundle, { prefix: '/api/v1/bundle' });
  app.register(authorities, { prefix: '/api/v1/authorities' });
  app.register(profiles, { prefix: '/api/v1/profiles' });
  app.register(certificates, { prefix: '/api/v1/certificates' });
  app.register(revocation, { prefix: '/api/v1' });
  app.register(webhooks, { prefix: '/api/v1/webhooks' });
  app.register(crl, { prefix: '/crl' });
  app.register(issuers, { prefix: '/issuers' });
  app.register(audit, { prefix: '/api/v1/audit' });
  if (app.config.OCSP_ENABLED) app.register(ocsp, { prefix: '/ocsp' });
  app.register(info, { prefix: '/api/v1/info' });
  app.register(health, { prefix: '/health' });
  app.register(probes);
  if (app.config.METRICS_PORT === undefined) app.register(metrics, { prefix: '/metrics' });

  done();
};
