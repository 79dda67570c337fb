import { Type } from 'typebox';

export const readMetrics = {
  operationId: 'readMetrics',
  tags: ['service'],
  summary: 'Show the metrics of the service',
  description:
    'The text format of Prometheus. Requires the scope metrics:read when authentication is configured.',
  response: {
    200: { description: 'All time series.', content: { 'text/plain': { schema: Type.String() } } },
  },
};
