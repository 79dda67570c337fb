/** An error in the environment. The message is a sentence that begins with the variable and contains no value. */
export class ConfigError extends Error {
  readonly variable: string;

  /** `predicate` is the sentence without its subject, such as `must be a whole number`. */
  constructor(variable: string, predicate: string) {
    super(`${variable} ${predicate}`);
    this.name = 'ConfigError';
    this.variable = variable;
  }
}
