declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  export interface RollOptions {
    readonly file: string;
    /** A number is in megabytes, `10b` is in bytes. */
    readonly size: string | number;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly symlink: boolean;
    /** Size of the buffer, in bytes. */
    readonly maxLength: number;
    /** A write starts at this number of bytes. */
    readonly minLength: number;
    readonly mode: number;
  }

  /**
   * The part of SonicBoom that is used here. Emits `ready`, `write`, `drain`, `error`, and `drop` with lines that do not
   * fit into the buffer.
   */
  export interface RollingFile extends EventEmitter {
    write(lines: string): boolean;
    flush(done?: (error?: Error) => void): void;
    end(): void;
  }

  export default function roll(options: RollOptions): Promise<RollingFile>;
}
