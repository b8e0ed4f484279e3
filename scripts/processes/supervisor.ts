import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStartedAt } from "../bootstrap/process-identity.mjs";

const GRACE_MS = 8_000;
const READY_MS = 60_000;
const POLL_MS = 100;
const TAIL_LINES = 20;

export type ProcessSpec = {
  /** Names the log file and appears in messages. */
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Answers with a status below 500 once the process is ready; without it, ready means started. */
  readyUrl?: string;
  readyMs?: number;
};

export type RunningProcess = { name: string; pid: number; startedAt: string; logPath: string };

export type UnexpectedEnd = { name: string; exit: number | string; logPath: string; logTail: string };

type Entry = RunningProcess & { child: ChildProcess; isStopping: boolean; ended: Promise<void> };

/**
 * Starts named processes and stops them all, the last one first. Each leads a process group, so its own children go with it, and each Node process
 * notices when this one dies without a word (kill -9) and ends itself.
 */
export class ProcessSupervisor {
  readonly #logFolder: string;
  readonly #graceMs: number;
  readonly #entries: Entry[] = [];
  readonly #unexpectedEnd = Promise.withResolvers<UnexpectedEnd>();
  #stopping: Promise<void> | null = null;

  constructor(options: { logFolder: string; graceMs?: number }) {
    this.#logFolder = options.logFolder;
    this.#graceMs = options.graceMs ?? GRACE_MS;
    mkdirSync(options.logFolder, { recursive: true });
  }

  /** Resolves when a process ends that nobody stopped. */
  get unexpectedEnd(): Promise<UnexpectedEnd> {
    return this.#unexpectedEnd.promise;
  }

  /** The processes that run now, to be recorded so that a later run can clear them away. */
  get running(): RunningProcess[] {
    return this.#entries.map(({ name, pid, startedAt, logPath }) => ({ name, pid, startedAt, logPath }));
  }

  /** Starts the process and waits until it is ready; fails with the end of its log when it ends or takes too long. */
  async start(spec: ProcessSpec): Promise<RunningProcess> {
    if (this.#stopping !== null) throw new Error(`${spec.name} is not started: everything is being stopped.`);
    const entry = await spawnEntry(spec, join(this.#logFolder, `${spec.name}.log`));
    this.#entries.push(entry);
    entry.child.once("exit", (code, signal) => {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      if (!entry.isStopping)
        this.#unexpectedEnd.resolve({ name: entry.name, exit: code ?? signal ?? "unknown", logPath: entry.logPath, logTail: tailOf(entry.logPath) });
    });
    await untilReady(entry, spec);
    return entry;
  }

  /** Stops one process: SIGTERM to its group, SIGKILL to what is left of it after the grace. */
  async stop(name: string): Promise<void> {
    const entry = this.#entries.find((candidate) => candidate.name === name);
    if (entry) await stopEntry(entry, this.#graceMs);
  }

  /** Ends one process at once, as a power cut would, with what it had started. */
  async kill(name: string): Promise<void> {
    const entry = this.#entries.find((candidate) => candidate.name === name);
    if (!entry) return;
    entry.isStopping = true;
    signalGroup(entry.pid, "SIGKILL");
    await entry.ended;
  }

  /** Stops every process, the last started first. Safe to call again: it is done once. */
  stopAll(): Promise<void> {
    this.#stopping ??= this.#stopInReverse();
    return this.#stopping;
  }

  async #stopInReverse(): Promise<void> {
    for (const entry of [...this.#entries].reverse()) await stopEntry(entry, this.#graceMs);
  }

  /** Ends everything at once, without grace. */
  killAll(): void {
    for (const entry of this.#entries) signalGroup(entry.pid, "SIGKILL");
  }
}

async function spawnEntry(spec: ProcessSpec, logPath: string): Promise<Entry> {
  const log = openSync(logPath, "w");
  try {
    const child = spawn(spec.command, spec.args, {
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, ...spec.env, ...exitWithParent(spec) },
      ...(spec.cwd ? { cwd: spec.cwd } : {}),
    });
    await new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(new Error(`${spec.name} did not start: ${error.message}`)));
    });
    const pid = child.pid ?? 0;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    return { name: spec.name, pid, startedAt: processStartedAt(pid), logPath, child, isStopping: false, ended };
  } finally {
    closeSync(log);
  }
}

// Through NODE_OPTIONS, so that it also reaches the Node processes that a child starts, such as the bundler of the development server.
function exitWithParent(spec: ProcessSpec): Record<string, string> {
  const module = new URL("../exit-with-parent.mjs", import.meta.url).href;
  const options = [spec.env?.NODE_OPTIONS ?? process.env.NODE_OPTIONS ?? "", `--import=${module}`];
  return { NODE_OPTIONS: options.filter(Boolean).join(" "), SHOAL_PARENT_PID: String(process.pid) };
}

async function untilReady(entry: Entry, spec: ProcessSpec): Promise<void> {
  if (!spec.readyUrl) return;
  const readyMs = spec.readyMs ?? READY_MS;
  const deadline = Date.now() + readyMs;
  while (Date.now() < deadline) {
    if (entry.child.exitCode !== null || entry.child.signalCode !== null) {
      throw new Error(`${spec.name} ended before it was ready. The end of ${entry.logPath} says:\n${tailOf(entry.logPath)}`);
    }
    if (await answers(spec.readyUrl, deadline - Date.now())) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${spec.name} was not ready within ${Math.round(readyMs / 1000)} s. The end of ${entry.logPath} says:\n${tailOf(entry.logPath)}`);
}

async function answers(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(Math.max(timeoutMs, 1)) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

async function stopEntry(entry: Entry, graceMs: number): Promise<void> {
  entry.isStopping = true;
  signalGroup(entry.pid, "SIGTERM");
  const timer = setTimeout(() => signalGroup(entry.pid, "SIGKILL"), graceMs);
  await entry.ended;
  clearTimeout(timer);
  // The leader is gone; children that outlived it are not left behind.
  signalGroup(entry.pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // No process of the group is left.
  }
}

function tailOf(logPath: string): string {
  return readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
}
