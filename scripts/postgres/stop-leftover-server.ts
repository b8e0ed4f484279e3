import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStartedAt } from "../bootstrap/process-identity.mjs";

const FAST_STOP_MS = 15_000;
const IMMEDIATE_STOP_MS = 5_000;
const POLL_MS = 50;

/** Ends a server that still runs on this data folder after the process that started it died; returns its pid, or null when there was none. */
export async function stopLeftoverServer(data: string): Promise<number | null> {
  const pidFile = join(data, "postmaster.pid");
  const pid = readPid(pidFile);
  if (pid === null || processStartedAt(pid) === "") return null;
  if (!commandOf(pid).includes(data)) {
    // The pid was given to some other program since: PostgreSQL would take it for a running server and refuse to start.
    rmSync(pidFile, { force: true });
    return null;
  }
  for (const [signal, waitMs] of [
    ["SIGINT", FAST_STOP_MS],
    ["SIGQUIT", IMMEDIATE_STOP_MS],
  ] as const) {
    if (await stopped(pid, signal, waitMs)) return pid;
  }
  throw new Error(`A PostgreSQL server (process ${pid}) from an earlier run still uses ${data} and does not stop. End it with: kill -9 ${pid}`);
}

async function stopped(pid: number, signal: "SIGINT" | "SIGQUIT", waitMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return processStartedAt(pid) === "";
  }
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
    if (processStartedAt(pid) === "") return true;
    await sleep(POLL_MS);
  }
  return false;
}

function readPid(pidFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, "utf8"), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
