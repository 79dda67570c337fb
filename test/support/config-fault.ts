import { ConfigError } from '../../src/config/error.ts';
import { configFrom, type Environment } from '../../src/config/load.ts';

/** Returns the error message for the environment; `none` if it is valid. */
export function faultOf(environment: Environment): string {
  try {
    configFrom(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}
