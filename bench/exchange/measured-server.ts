import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Question, Usage } from "./answer-cpu.ts";

const READY_MS = 60_000;
const POLL_MS = 50;

/** A server process, or several as one, that says what it has used. */
export type MeasuredServer = {
  urls: readonly string[];
  /** User and system time of the process since it started, in microseconds, and the memory it holds now. */
  usage(): Promise<{ cpuMicros: number; rssBytes: number }>;
  beginProfile(): Promise<void>;
  /** Writes the profile since `beginProfile()` into the file. */
  endProfile(file: string): Promise<void>;
  /** Asks it to end, or ends it, and waits until it has. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
};

/** Starts a Node server and waits until it answers. `nodeArgs` are everything after `node`; what it prints goes to the error stream. */
export async function startMeasuredServer(start: { nodeArgs: string[]; env: Record<string, string>; url: string }): Promise<MeasuredServer> {
  const preload = new URL("./answer-cpu.ts", import.meta.url).href;
  const child = spawn(process.execPath, [`--import=${preload}`, ...start.nodeArgs], { env: { ...process.env, ...start.env }, stdio: ["ignore", 2, 2, "ipc"] });
  const ended = once(child, "exit");
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
    child.kill(signal);
    await ended;
  };
  try {
    await untilAnswers(child, start.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urls: [start.url],
    usage: async () => await ask(child, { ask: "usage" }),
    beginProfile: async () => void (await ask(child, { ask: "begin-profile" })),
    endProfile: async (file) => void (await ask(child, { ask: "end-profile", file })),
    stop,
  };
}

/** Several servers of one instance as one: what they used in all. Profiles are those of the first. */
export function asOne(servers: readonly MeasuredServer[]): MeasuredServer {
  const [first] = servers;
  if (!first) throw new Error("There is no server.");
  return {
    ...first,
    urls: servers.flatMap(({ urls }) => urls),
    usage: async () => {
      const used = await Promise.all(servers.map((server) => server.usage()));
      return { cpuMicros: sum(used.map((each) => each.cpuMicros)), rssBytes: sum(used.map((each) => each.rssBytes)) };
    },
    stop: async (signal) => void (await Promise.all(servers.map((server) => server.stop(signal)))),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function ask(child: ChildProcess, question: Question): Promise<Usage> {
  const answered = once(child, "message") as Promise<[Usage]>;
  child.send(question);
  const [usage] = await answered;
  return usage;
}

async function untilAnswers(child: ChildProcess, url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < READY_MS; waitedMs += POLL_MS) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("The measured server ended before it answered; what it said stands above.");
    const response = await fetch(`${url}/api/health`).catch(() => null);
    await response?.body?.cancel();
    if (response) return;
    await sleep(POLL_MS);
  }
  throw new Error(`The measured server did not answer within ${READY_MS / 1000} s.`);
}
