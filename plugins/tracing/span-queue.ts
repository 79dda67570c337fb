/** Spans on their way to the collector: as many as may wait, and a count of those that are lost. */

import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';

/** How many spans wait at most, for five seconds or until so many are a batch. */
const QUEUE = 2048;
const BATCH = 512;

/** `lost` hears how many spans, and where the collector is at fault how. */
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

  /** Spans that are not sampled never come here. */
  override onEnd(span: ReadableSpan): void {
    if (this.#waiting >= QUEUE) {
      this.#lost(1);
      return;
    }
    this.#waiting++;
    super.onEnd(span);
  }
}

const faultOf = ({ error }: ExportResult): Error => error ?? new Error('the collector did not take them');
