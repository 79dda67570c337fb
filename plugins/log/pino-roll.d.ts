declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  export interface RollOptions {
    readonly file: string;
    /** A number is in megabytes; `10b` in bytes. */
    readonly size: string | number;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly symlink: boolean;
    /** Bytes that wait at most. */
    readonly maxLength: number;
    /** Bytes from which on a write begins. */
    readonly minLength: number;
    readonly mode: number;
  }

  /**
   * Part of SonicBoom, which is what is made. Emits `ready`, `write`, `drain`, `error` and, for a line that is not
   * taken because too much waits, `drop`.
   */
  export interface RollingFile extends EventEmitter {
    write(line: string): boolean;
    flush(done?: (error?: Error) => void): void;
    end(): void;
  }

  export default function roll(options: RollOptions): Promise<RollingFile>;
}
