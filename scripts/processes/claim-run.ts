import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { holdLock } from "../bootstrap/hold-lock.mjs";
import { isSameProcess } from "../bootstrap/process-identity.mjs";

const LEFTOVER_GRACE_MS = 3_000;
const POLL_MS = 50;

type Child = { name: string; pid: number; startedAt: string };

export type Run = {
  /** Writes down what a later run, or a person, needs to know: the address and the processes started so far. */
  record: (state: { url?: string; processes: Child[] }) => void;
  release: () => void;
};

/**
 * Makes this process the only one that runs the project in this checkout. What an earlier run left behind after a kill -9 is ended first.
 * When another run is alive, the message says which process it is, where it serves and how to stop it.
 */
export async function claimRun(folder: string, command: string): Promise<{ run: Run } | { message: string }> {
  const path = join(folder, "run.json");
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { message: `${folder} cannot be written by this user. Run this as the user who owns it, or clone the project again as yourself.` };
  }
  const earlier = readState(path);
  const lock = holdLock(path, { command, url: "", processes: [] as Child[] });
  if (lock.holder) return { message: describeRunning(lock.holder) };
  await endLeftovers(earlier.processes);
  const own = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const record: Run["record"] = (state) => {
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify({ ...own, ...state }, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  };
  return { run: { record, release: lock.release } };
}

function describeRunning(holder: { pid: number; command?: string; url?: string }): string {
  const where = holder.url ? ` at ${holder.url}` : "";
  return `${holder.command ?? "Shoal"} already runs in this folder${where} (process ${holder.pid}). Use that one, or stop it first: kill ${holder.pid}`;
}

function readState(path: string): { processes: Child[] } {
  try {
    const { processes } = JSON.parse(readFileSync(path, "utf8")) as { processes?: Child[] };
    return { processes: Array.isArray(processes) ? processes : [] };
  } catch {
    return { processes: [] };
  }
}

async function endLeftovers(processes: Child[]): Promise<void> {
  const alive = () => processes.filter(isSameProcess);
  for (const { pid } of alive()) signalGroup(pid, "SIGTERM");
  for (let waitedMs = 0; alive().length > 0 && waitedMs < LEFTOVER_GRACE_MS; waitedMs += POLL_MS) await sleep(POLL_MS);
  for (const { pid } of alive()) signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
