import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { BenchPlace } from "./exchange/bench-database.ts";

const TMPFS = 0x01021994;

/**
 * Where benches keep databases: under the project, or in `BENCH_FOLDER`. On a machine whose disk others use, a folder in memory takes the disk out of the
 * comparison; the settings of the database stay those of a durable one.
 */
export function benchFolder(): BenchPlace {
  const folder = process.env.BENCH_FOLDER ?? join(import.meta.dirname, "..", ".local", "bench");
  mkdirSync(folder, { recursive: true });
  return { folder, medium: statfsSync(folder).type === TMPFS ? "memory" : "disk" };
}
