import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { STRICT } from '../wire/fields.ts';
import { SERVICE_NAME, VERSION } from '../../src/base/version.ts';

export const Health = component(
  'Health',
  Type.Object(
    {
      status: Type.Literal('healthy'),
      service: Type.Literal(SERVICE_NAME),
      version: Type.String({ description: 'Version of the service.' }),
    },
    {
      ...STRICT,
      description: 'The service is running.',
      examples: [{ status: 'healthy', service: SERVICE_NAME, version: VERSION }],
    },
  ),
);

export const readHealth = {
  operationId: 'readHealth',
  tags: ['service'],
  summary: 'Check that the service is running',
  description: 'Never rate-limited.',
  response: { 200: Health.ref },
};
