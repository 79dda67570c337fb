/** The time series of the OCSP responder. */

import { Counter, Histogram, type Registry } from '@prometheus-io/client';
import { CERT_STATUSES, REPLY_SOURCES, type OcspObserver } from '../../src/ocsp/ports.ts';
import { OCSP_ERROR_STATUSES } from '../../src/x509/ocsp/response-writer.ts';

export type OcspMetrics = Omit<OcspObserver, 'failed'>;

export function createOcspMetrics(registry: Registry): OcspMetrics {
  const replies = replyCounter(registry);
  const statuses = statusCounter(registry);
  const signing = signingHistogram(registry);
  const ages = ageHistogram(registry);
  return {
    replied(status, source, age) {
      replies.inc({ status, source });
      if (age !== undefined) ages.observe(age);
    },
    stated: (status) => statuses.inc({ status }),
    signed: (seconds) => signing.observe(seconds),
  };
}

function replyCounter(registry: Registry) {
  const counter = new Counter({
    name: 'ocsp_responses_total',
    help: 'OCSP responses by their status, and whether they were in memory or signed for the request.',
    labelNames: ['status', 'source'],
    registers: [registry],
  });
  for (const source of REPLY_SOURCES.filter((source) => source !== 'none'))
    counter.inc({ status: 'successful', source }, 0);
  for (const status of OCSP_ERROR_STATUSES) counter.inc({ status, source: 'none' }, 0);
  return counter;
}

function statusCounter(registry: Registry) {
  const counter = new Counter({
    name: 'ocsp_certificate_statuses_total',
    help: 'What OCSP responses said about a certificate.',
    labelNames: ['status'],
    registers: [registry],
  });
  for (const status of CERT_STATUSES) counter.inc({ status }, 0);
  return counter;
}

const signingHistogram = (registry: Registry) =>
  new Histogram({
    name: 'ocsp_signing_duration_seconds',
    help: 'To prepare, lint, sign and verify one OCSP response, including the wait for a free thread.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers: [registry],
  });

const ageHistogram = (registry: Registry) =>
  new Histogram({
    name: 'ocsp_response_age_seconds',
    help: 'Time since thisUpdate of the OCSP responses that were sent.',
    buckets: [1, 60, 600, 3600, 10_800, 21_600, 43_200, 86_400, 259_200],
    registers: [registry],
  });
