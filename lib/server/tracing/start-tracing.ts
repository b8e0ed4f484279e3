import "server-only";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, ParentBasedSampler, type SpanExporter, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Logger } from "pino";
import { holdTracing } from "./tracing.ts";

export type TracesConfig = {
  /** Where a collector takes OTLP over HTTP; said by the operator alone. */
  url: string;
  /** Which share of requests and duties is told, between 0 and 1. */
  share: number;
};

const SUCCESS = 0;
const EXPORT_MS_MAX = 5000;
const SPANS_WAITING_MAX = 4096;
const COMPLAIN_EVERY_MS = 60_000;

/** Begins to tell of this process's work. A collector that does not answer costs the spans and nothing else: it is logged once a minute. */
export function startTracing({ url, share }: TracesConfig, { service, log }: { service: string; log: Logger }): void {
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS_MAX });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: complaining(exporter, log), maxQueueSize: SPANS_WAITING_MAX, exportTimeoutMillis: EXPORT_MS_MAX })],
  });
  holdTracing({
    tracer: provider.getTracer("shoal"),
    end: () => provider.shutdown().catch((err: unknown) => log.warn({ err }, "the last traces could not be sent")),
  });
}

function complaining(exporter: SpanExporter, log: Logger): SpanExporter {
  let complainedMs = 0;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== SUCCESS && Date.now() - complainedMs > COMPLAIN_EVERY_MS) {
          complainedMs = Date.now();
          log.warn({ err: result.error, spans: spans.length }, "traces could not be sent");
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
