import { ConfigError } from '../../src/config/error.ts';
import { configFrom, type Environment } from '../../src/config/load.ts';

/** What is said of a fault in the environment; `none` where there is none. */
export function faultOf(environment: Environment): string {
  try {
    configFrom(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}
