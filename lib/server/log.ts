import "server-only";
import { type Logger, pino } from "pino";
import type { Config } from "./config/config.ts";

/** The process's structured log, one JSON line an event. Secrets that a request may carry are never written. */
export function createLog(config: Pick<Config, "logLevel">): Logger {
  return pino({
    level: config.logLevel,
    redact: { paths: ["*.authorization", "*.cookie", "*.secret", "*.signature", "*.token", "headers.authorization", "headers.cookie"], censor: "[secret]" },
  });
}
