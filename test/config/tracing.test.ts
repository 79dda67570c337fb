/** The variables of OpenTelemetry: those that the service reads, and those that it ignores. */

import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';
import { faultOf } from '../support/config-fault.ts';

t.test('the address of a collector must be an http or https URL', async (t) => {
  for (const url of ['http://collector:4318', 'https://otlp.example/base/', 'http://[::1]:4318/']) {
    t.equal(configFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: url }).OTEL_EXPORTER_OTLP_ENDPOINT, url);
  }
  const refused = `collector collector:4318 grpc://collector:4317 http:// http://user:secret@collector
    http://collector?key=secret http://collector#secret file:///collector javascript:secret`;
  for (const url of refused.split(/\s+/)) {
    const fault = faultOf({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    t.match(fault, /^OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL without user/, url);
    t.notMatch(fault, 'secret');
  }
});

t.test('the header fields for the collector are parsed to names and values, and never shown', async (t) => {
  const name = 'OTEL_EXPORTER_OTLP_HEADERS';
  for (const text of [
    'a=b',
    'api-key=secret, x-tenant=1',
    'authorization=Bearer%20secret==',
    'a=',
    'a=b c',
  ]) {
    const config = configFrom({ [name]: text });
    t.equal(config.OTEL_EXPORTER_OTLP_HEADERS, text);
    t.match(printConfig(config), /^OTEL_EXPORTER_OTLP_HEADERS=\[secret\]$/m);
  }
  for (const text of [
    'secret',
    '=secret',
    'a b=secret',
    'a=secret,',
    'a=secret;b',
    'a=secret%',
    'a=%0d%0asecret',
    'a=%ff',
    'ä=secret',
    'a=sécret',
  ]) {
    t.match(faultOf({ [name]: text }), /^OTEL_EXPORTER_OTLP_HEADERS must be name=value(?!.*secret)/, text);
  }
});

t.test('the sampling ratio is a number from 0 to 1', async (t) => {
  for (const text of ['0', '1', '0.25', '1.0']) {
    t.equal(configFrom({ OTEL_TRACES_SAMPLER_ARG: text }).OTEL_TRACES_SAMPLER_ARG, Number(text));
  }
  for (const text of ['1.01', '-1', '.5', '1e-3', '50%', 'always_on', 'NaN', '0.1.2']) {
    const fault = 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1';
    t.equal(faultOf({ OTEL_TRACES_SAMPLER_ARG: text }), fault, text);
  }
});

t.test('other variables of the standard are accepted, and unused ones cause a warning', async (t) => {
  const warnings: string[] = [];
  const listener = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', listener);
  t.teardown(() => process.off('warning', listener));
  const unread =
    `OTEL_TRACES_SAMPLER OTEL_TRACES_EXPORTER OTEL_EXPORTER_OTLP_TRACES_ENDPOINT OTEL_EXPORTER_OTLP_PROTOCOL
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL OTEL_RESOURCE_ATTRIBUTES OTEL_PROPAGATORS OTEL_BSP_MAX_QUEUE_SIZE OTEL_LOG_LEVEL
    OTEL_METRICS_EXPORTER OTEL_LOGS_EXPORTER OTEL_NODE_RESOURCE_DETECTORS OTEL_EXPORTER_OTLP_INSECURE OTEL_SERVICE`.split(
      /\s+/,
    );
  for (const name of unread) t.equal(faultOf({ [name]: 'x' }), 'none', name);
  const read = `OTEL_EXPORTER_OTLP_TIMEOUT OTEL_EXPORTER_OTLP_TRACES_TIMEOUT OTEL_EXPORTER_OTLP_COMPRESSION
    OTEL_EXPORTER_OTLP_CERTIFICATE OTEL_EXPORTER_OTLP_TRACES_HEADERS OTEL_SERVICE_NAME`.split(/\s+/);
  for (const name of read) t.equal(faultOf({ [name]: 'x' }), 'none', name);
  t.equal(faultOf({ OTEL_SDK_DISABLED: 'true', OTELLO: 'x', OTEL_EMPTY: '' }), 'none');
  await setImmediate();
  t.same(
    warnings,
    unread.map((name) => `${name} is set, but this service does not read it`),
  );
});
