/** The queue of spans for the collector, which counts lost spans. */

import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';

/** Length of the queue, and of a batch. A batch is sent when it is full, or after five seconds. */
const QUEUE = 2048;
const BATCH = 512;

/** Calls `lost` with the number of lost spans, and with the error if the collector caused it. */
export class SpanQueue extends BatchSpanProcessor {
  #waiting = 0;
  readonly #lost: (spans: number, error?: Error) => void;

  constructor(exporter: SpanExporter, lost: (spans: number, error?: Error) => void) {
    const watched: SpanExporter = {
      export: (spans, done) => {
        this.#waiting -= spans.length;
        exporter.export(spans, (result) => {
          if (result.code !== ExportResultCode.SUCCESS) lost(spans.length, faultOf(result));
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
    };
    super({ exporter: watched, maxQueueSize: QUEUE, maxExportBatchSize: BATCH });
    this.#lost = lost;
  }

  /** Called for sampled spans only. */
  override onEnd(span: ReadableSpan): void {
    if (this.#waiting >= QUEUE) {
      this.#lost(1);
      return;
    }
    this.#waiting++;
    super.onEnd(span);
  }
}

const faultOf = ({ error }: ExportResult): Error =>
  error ?? new Error('the collector did not accept the spans');
