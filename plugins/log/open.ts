/** Opens the destination of the log. */

import { ConfigError } from '../../src/config/error.ts';
import type { Config } from '../../src/config/schema.ts';
import { systemCode } from '../../src/base/system-code.ts';
import { openLogFile, type LogFaults } from './file.ts';
import type { ClosableLog } from './options.ts';
import { throttle } from './throttle.ts';
import { openStandardOutput } from './standard-output.ts';

interface LogCounters {
  readonly logErrors: { inc(): void };
  readonly logLinesDropped: { inc(): void };
}

/** Throws ConfigError if LOG_FILE cannot be opened. */
export async function openLog(config: Config, counters: LogCounters): Promise<ClosableLog> {
  const log = await openDestination(config, counters);
  if (config.LOG_FORMAT !== 'pretty') return log;
  const { prettyLog } = await import('./pretty.ts');
  return prettyLog(log);
}

async function openDestination({ LOG_FILE }: Config, counters: LogCounters): Promise<ClosableLog> {
  if (LOG_FILE === undefined) return openStandardOutput(() => counters.logLinesDropped.inc());
  try {
    const file = await openLogFile(LOG_FILE, faultsOf(counters));
    process.stderr.write(
      `The log is written to the folder of ${LOG_FILE}, and no longer to standard output\n`,
    );
    return file;
  } catch (error) {
    const code = systemCode(error) ?? 'unknown error';
    throw new ConfigError('LOG_FILE', `cannot be written (${code})`);
  }
}

/** Counts every fault, and writes at most one line a minute to standard error. */
function faultsOf({ logErrors, logLinesDropped }: LogCounters): LogFaults {
  const report = throttle(({ message }: Error) =>
    process.stderr.write(`LOG_FILE cannot be written: ${message}; lines are lost until it can\n`),
  );
  return {
    writeFailed(error) {
      logErrors.inc();
      report(error);
    },
    lineDropped: () => logLinesDropped.inc(),
  };
}
