import { parentPort } from "node:worker_threads";
import { type Measurement, measure } from "./measure.ts";

/** A thread of the benchmark: one measurement after another. */
parentPort?.on("message", (measurement: Measurement) => parentPort?.postMessage(measure(measurement)));
