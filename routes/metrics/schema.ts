import { Type } from 'typebox';

export const readMetrics = {
  operationId: 'readMetrics',
  tags: ['service'],
  summary: 'What the service measures of itself',
  description:
    'In the text format of Prometheus. Needs the scope metrics:read where authentication is configured.',
  response: {
    200: { description: 'Every series.', content: { 'text/plain': { schema: Type.String() } } },
  },
};
