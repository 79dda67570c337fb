import { systemCode } from '../base/system-code.ts';
import { ConfigError } from './error.ts';

/** What of the configuration is wrong where the system refuses an address; `port` is the variable of the port. */
export function addressFault(error: unknown, port: 'PORT' | 'METRICS_PORT'): ConfigError | undefined {
  switch (systemCode(error)) {
    case 'EACCES':
      return new ConfigError(port, 'may not be opened by this user, who may from 1024 on');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError('HOST', 'must be an address of this machine');
    default:
      return undefined;
  }
}
