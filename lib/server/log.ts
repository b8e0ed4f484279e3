import "server-only";
import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config/config.ts";

const SECRETS = ["authorization", "cookie", "secret", "signature", "token", "enrolmentCode"];

/** The process's structured log, one JSON line an event, on stdout unless told. Secrets that a request may carry are never written. */
export function createLog(config: Pick<Config, "logLevel">, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = { level: config.logLevel, redact: { paths, censor: "[secret]" } };
  return destination ? pino(options, destination) : pino(options);
}
