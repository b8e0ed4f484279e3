import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The server's own code, without what only tests use. */
const SOURCES = ["app/**/*.{ts,tsx}", "lib/server/**/*.ts", "ops/*.ts", "proxy.ts"];
const NOT_SERVER = [/\.test\.tsx?$/, /\/testing\//, /^lib\/server\/.*\.d\.ts$/];

/** Everything by which Node reaches another machine, as it is written: calls, and modules that have one. */
const WAYS_OUT = [
  /(?<![.\w])fetch\(/,
  /(?<![.\w])(?:http|webSocket)\((?!s\))/,
  /(?<![.\w])new (?:WebSocket|EventSource)\(/,
  /from "(?:node:)?(?:https|http2|net|tls|dgram)"/,
  /import (?!type\b)\{[^}]*\b(?:request|get|Agent)\b[^}]*\} from "(?:node:)?http"/,
  /from "(?:undici|axios|got|node-fetch|ws|web-push|@aws-sdk\/[\w-]+|@smithy\/[\w-]+|@opentelemetry\/(?:exporter|otlp)[\w-]+)"/,
];

/** Whether a source calls out, or could. A component of the browser calls from there and does not count. */
export function callsOut(source: string): boolean {
  if (/^"use client";/m.test(source)) return false;
  return WAYS_OUT.some((way) => way.test(source));
}

/** The files of a checkout's server that call out. */
export function findCallers(root: string): string[] {
  return globSync(SOURCES, { cwd: root })
    .filter((path) => !NOT_SERVER.some((pattern) => pattern.test(path)) && callsOut(readFileSync(join(root, path), "utf8")))
    .sort();
}
