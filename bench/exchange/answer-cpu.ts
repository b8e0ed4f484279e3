import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

/*
 * Loaded into a measured server by `--import`: answers every message of the bench with the processor time this process has used and its memory, begins and
 * ends a CPU profile when asked, and ends the process when the bench is gone.
 */
export type Usage = { cpuMicros: number; rssBytes: number };
export type Question = { ask: "usage" } | { ask: "begin-profile" } | { ask: "end-profile"; file: string };

let session: Session | null = null;

async function answer(question: Question): Promise<void> {
  if (question.ask === "begin-profile") {
    session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: 500 });
    await session.post("Profiler.start");
  }
  if (question.ask === "end-profile" && session) {
    const { profile } = await session.post("Profiler.stop");
    writeFileSync(question.file, JSON.stringify(profile));
    session.disconnect();
  }
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() } satisfies Usage);
}

process.on("message", (question: Question) => void answer(question));
process.on("disconnect", () => process.exit(1));
process.channel?.unref();
