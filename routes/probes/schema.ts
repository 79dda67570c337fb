import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { STRICT } from '../wire/fields.ts';

export const Probe = component(
  'Probe',
  Type.Object(
    { status: Type.Literal('ok') },
    { ...STRICT, description: 'That it is so.', examples: [{ status: 'ok' }] },
  ),
);

export const Readiness = component(
  'Readiness',
  Type.Object(
    {
      status: Type.Literal('ok'),
      checks: Type.Record(Type.String(), Type.Literal('ok'), { description: 'What holds, by its name.' }),
    },
    {
      ...STRICT,
      description: 'That all that the service needs is there.',
      examples: [{ status: 'ok', checks: { serving: 'ok', engine: 'ok' } }],
    },
  ),
);

const tags = ['service'];
const description = 'Never rate-limited.';

export const readLiveness = {
  operationId: 'readLiveness',
  tags,
  summary: 'Whether the process runs; where not, it should be started anew',
  description,
  response: { 200: Probe.ref },
};

export const readReadiness = {
  operationId: 'readReadiness',
  tags,
  summary: 'Whether requests should be sent here',
  description: `${description} A 503 has the member \`checks\`: for every check \`ok\`, or the reason why not.`,
  response: { 200: Readiness.ref },
};

export const readStartup = {
  operationId: 'readStartup',
  tags,
  summary: 'Whether the service has started; the other probes mean nothing before',
  description,
  response: { 200: Probe.ref },
};
