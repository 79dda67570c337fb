/** A line of a recording: a request, and the shape of its reply. */
export interface Recorded {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** Whether it was sent with an API key. The key itself is not recorded. */
    readonly authenticated?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
    /** Sent as JSON. A string is sent unchanged. */
    readonly body?: unknown;
  };
  readonly answer: {
    readonly status: number;
    /** Names of header fields. */
    readonly headers: readonly string[];
    /** An example. A string that ends in `…` is a required prefix; for other values only the type counts. */
    readonly body: unknown;
  };
}

/** Parses lines of JSON (NDJSON), and ignores empty ones. Throws Error that names the line. */
export const readRecording = (text: string): readonly Recorded[] =>
  text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [readLine(line, i + 1)]));

function readLine(line: string, number: number): Recorded {
  const recorded = parse(line);
  if (!isRecorded(recorded))
    throw new Error(`Line ${number} of the recording must be a request with its reply`);
  return recorded;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecorded(value: unknown): value is Recorded {
  if (!isObject(value) || typeof value.name !== 'string') return false;
  const { request, answer } = value;
  if (!isObject(request) || !isObject(answer)) return false;
  const { method, path } = request;
  const isRequest = typeof method === 'string' && typeof path === 'string' && path.startsWith('/');
  return isRequest && typeof answer.status === 'number' && Array.isArray(answer.headers);
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
