import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { STRICT } from '../wire/fields.ts';

export const Probe = component(
  'Probe',
  Type.Object(
    { status: Type.Literal('ok') },
    { ...STRICT, description: 'The check passed.', examples: [{ status: 'ok' }] },
  ),
);

export const Readiness = component(
  'Readiness',
  Type.Object(
    {
      status: Type.Literal('ok'),
      checks: Type.Record(Type.String(), Type.String(), {
        description: 'Each check by name: `ok`, or `degraded: ` and a fault that leaves the service ready.',
      }),
    },
    {
      ...STRICT,
      description: 'The service is ready: no check failed.',
      examples: [{ status: 'ok', checks: { serving: 'ok', engine: 'ok' } }],
    },
  ),
);

const tags = ['service'];
const description = 'Never rate-limited.';

export const readLiveness = {
  operationId: 'readLiveness',
  tags,
  summary: 'Liveness: restart the process when this fails',
  description,
  response: { 200: Probe.ref },
};

export const readReadiness = {
  operationId: 'readReadiness',
  tags,
  summary: 'Readiness: send requests only while this succeeds',
  description: `${description} A 503 reply has the member \`checks\`: \`ok\` for each check that passed, the reason for each that failed.`,
  response: { 200: Readiness.ref },
};

export const readStartup = {
  operationId: 'readStartup',
  tags,
  summary: 'Startup: use the other probes only after this succeeds',
  description,
  response: { 200: Probe.ref },
};
