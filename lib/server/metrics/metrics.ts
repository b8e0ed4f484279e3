import "server-only";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = {
  registry: Registry;
  /** Answered requests, by endpoint and status. */
  requestSeconds: Histogram<"endpoint" | "status">;
  /** Results that devices reported, by outcome. */
  results: Counter<"outcome">;
  /** Requests that were refused, by code of the error table; a fault of ours is `internal`. */
  refusals: Counter<"code">;
};

function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "shoal_" });
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: "shoal_request_seconds",
      help: "Time from a request to its answer",
      labelNames: ["endpoint", "status"],
      buckets: SECONDS,
      registers,
    }),
    results: new Counter({ name: "shoal_results_total", help: "Results reported by devices", labelNames: ["outcome"], registers }),
    refusals: new Counter({ name: "shoal_refusals_total", help: "Requests refused, by code", labelNames: ["code"], registers }),
  };
}

const held = globalThis as typeof globalThis & { shoalMetrics?: Metrics };

/** What this process counts of itself. It hangs on the global object because a development server loads modules anew. */
export function getMetrics(): Metrics {
  held.shoalMetrics ??= createMetrics();
  return held.shoalMetrics;
}
