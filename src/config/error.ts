/** A fault in the environment. The message names the variable and never holds a value. */
export class ConfigError extends Error {
  readonly variable: string;

  /** `fault` goes on after the name of the variable. */
  constructor(variable: string, fault: string) {
    super(`${variable} ${fault}`);
    this.name = 'ConfigError';
    this.variable = variable;
  }
}
