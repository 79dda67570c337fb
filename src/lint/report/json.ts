import { SEVERITIES } from '../rule.ts';
import { countOf, type Report } from './report.ts';

/** The report as JSON, with the members of the reply of `POST /api/v1/lint` where they are the same. */
export const jsonReport = (report: Report): string =>
  `${JSON.stringify(
    {
      ...(report.profile && { profile: report.profile }),
      counts: Object.fromEntries(SEVERITIES.map((severity) => [severity, countOf(report, severity)])),
      files: report.files,
    },
    null,
    2,
  )}\n`;
