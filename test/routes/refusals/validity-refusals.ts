/** The three ways to request a validity. */

import type { Refusals } from './refusal.ts';

export const VALIDITY_REFUSALS: Refusals = {
  'the validity is given once': {
    refused: { days: 1, validity: 'P1D' },
    pointer: '/validity',
    message:
      /is given by days and again by validity; give one of days, validity, or not_before and not_after/,
    accepted: { validity: 'P1D' },
  },
  'days exclude an end': {
    refused: { days: 1, not_after: '2030-01-01T00:00:00Z' },
    pointer: '/not_after',
    message: /is given by days and again by not_after/,
    accepted: { not_after: '2030-01-01T00:00:00Z' },
  },
  'days exclude a start': {
    refused: { days: 1, not_before: '2030-01-01T00:00:00Z' },
    pointer: '/not_before',
    message: /is given by days and again by not_after/,
    accepted: { not_before: '2030-01-01T00:00:00Z', not_after: '2030-01-02T00:00:00Z' },
  },
  'a start needs an end': {
    refused: { not_before: '2030-01-01T00:00:00Z' },
    pointer: '/not_before',
    message: /must come with its end, not_after/,
    accepted: { not_before: '2030-01-01T00:00:00Z', not_after: '2030-01-02T00:00:00+02:00' },
  },
  'five minutes are the least': {
    refused: { validity: 'PT4M59S' },
    pointer: '/validity',
    message: /at least PT5M/,
    accepted: { validity: 'PT5M' },
  },
  'twenty years are the most': {
    refused: { validity: 'P20Y' },
    pointer: '/validity',
    message: /at most 7300 days/,
    accepted: { validity: 'P7300D' },
  },
  'a duration has no fractions': {
    refused: { validity: 'PT1.5H' },
    pointer: '/validity',
    message: /a duration of ISO 8601 without fractions/,
    accepted: { validity: 'PT1H30M' },
  },
  'a CA with a duration keeps to the days': {
    refused: { profile: 'ca', validity: 'P7301D' },
    pointer: '/validity',
    message: /at most 7300 days, unless the request names its end/,
    accepted: { profile: 'ca', not_after: '2099-12-31T23:59:59Z' },
  },
  'an end entity has no such exception': {
    refused: { not_after: '2099-12-31T23:59:59Z' },
    pointer: '/not_after',
    message: /at most 7300 days/,
    accepted: { not_after: '2045-12-31T23:59:59Z' },
  },
  'the end is in the future': {
    refused: { not_before: '2020-01-01T00:00:00Z', not_after: '2021-01-01T00:00:00Z' },
    pointer: '/not_after',
    message: /must be in the future/,
    accepted: { not_before: '2020-01-01T00:00:00Z', not_after: '2039-01-01T00:00:00Z' },
  },
  'the end follows the start': {
    refused: { not_before: '2030-01-01T00:00:00Z', not_after: '2029-01-01T00:00:00Z' },
    pointer: '/not_after',
    message: /at least PT5M/,
    accepted: { not_before: '2030-01-01T00:00:00Z', not_after: '2030-01-01T00:05:00Z' },
  },
  'the start can be encoded': {
    refused: { profile: 'ca', not_before: '1949-12-31T23:59:59Z', not_after: '2045-01-01T00:00:00Z' },
    pointer: '/not_before',
    message: /must be 1950-01-01T00:00:00Z or later/,
    accepted: { profile: 'ca', not_before: '1950-01-01T00:00:00Z', not_after: '2045-01-01T00:00:00Z' },
  },
  'the end can be encoded': {
    refused: { profile: 'ca', not_after: '9999-12-31T23:59:59-01:00' },
    pointer: '/not_after',
    message: /in the future, up to 9999-12-31T23:59:59Z/,
    accepted: { profile: 'ca', not_after: '9999-12-31T23:59:59Z' },
  },
  'a day exists': {
    refused: { not_after: '2030-02-29T00:00:00Z' },
    pointer: '/not_after',
    message: /an existing date and time of RFC 3339/,
    accepted: { not_after: '2028-02-29T00:00:00Z' },
  },
  'a time has whole seconds': {
    refused: { not_after: '2030-01-01T00:00:00.5Z' },
    pointer: '/not_after',
    message: /with whole seconds/,
    accepted: { not_after: '2030-01-01T00:00:00.000Z' },
  },
};
