import { systemCode } from '../base/system-code.ts';
import { ConfigError } from './error.ts';

/** The ConfigError for an address that the system refuses to open; undefined for another error. */
export function addressFault(error: unknown, port: 'PORT' | 'METRICS_PORT'): ConfigError | undefined {
  switch (systemCode(error)) {
    case 'EACCES':
      return new ConfigError(port, 'must be 1024 or above: this user may not open a lower port');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError('HOST', 'must be an address of this machine');
    default:
      return undefined;
  }
}
