import t from 'tap';
import { afterDuration, parseDuration } from '../../src/ca/duration.ts';

t.test('a duration of ISO 8601 is read', async (t) => {
  const table: [text: string, start: string, end: string][] = [
    ['PT5M', '2027-01-01T00:00:00Z', '2027-01-01T00:05:00Z'],
    ['PT300S', '2027-01-01T00:00:00Z', '2027-01-01T00:05:00Z'],
    ['PT12H', '2027-01-01T12:00:00Z', '2027-01-02T00:00:00Z'],
    ['P1D', '2028-02-28T01:02:03Z', '2028-02-29T01:02:03Z'],
    ['P2W', '2027-01-01T00:00:00Z', '2027-01-15T00:00:00Z'],
    ['P1DT1H1M1S', '2027-01-01T00:00:00Z', '2027-01-02T01:01:01Z'],
    ['P1Y', '2027-03-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['P1Y', '2028-02-29T00:00:00Z', '2029-02-28T00:00:00Z'],
    ['P4Y', '2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z'],
    ['P1M', '2027-01-31T12:00:00Z', '2027-02-28T12:00:00Z'],
    ['P1M', '2027-12-31T00:00:00Z', '2028-01-31T00:00:00Z'],
    ['P1Y6M', '2027-08-31T00:00:00Z', '2029-02-28T00:00:00Z'],
    ['P1M1D', '2027-01-31T00:00:00Z', '2027-03-01T00:00:00Z'],
  ];
  for (const [text, start, end] of table)
    t.same(afterDuration(new Date(start), parseDuration(text)), new Date(end), `${text} after ${start}`);
});

t.test('other texts are refused', async (t) => {
  for (const text of [
    '',
    'P',
    'PT',
    'P1DT',
    '1D',
    'p1d',
    'P-1D',
    'P1.5D',
    'PT1,5H',
    'P1H',
    'PT1D',
    'P1D1Y',
    ' P1D',
    'P1D ',
    'P10000Y',
    'P٣D',
    '90d',
    'P1D\n',
  ])
    t.throws(() => parseDuration(text), { code: 'invalid-validity', message: /ISO 8601/ }, text);
});
