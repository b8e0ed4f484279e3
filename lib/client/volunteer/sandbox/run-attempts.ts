import { type Remote, wrap } from "comlink";
import type { AttemptEnd, Targets } from "#workers/sandbox/attempts/attempt.ts";
import { ESCAPE_CHANNEL } from "#workers/sandbox/attempts/escape-channel.ts";
import type { AttemptDoor, AttemptName } from "#workers/sandbox/attempts/try-attempt.ts";
import { openWing } from "./open-wing.ts";
import { SANDBOXES, type Wall, type Wing } from "./wall.ts";

/** `ended` is an attempt that never answered, as it was meant to, and was ended with its worker; `silent` one that should have answered. */
export type AttemptRow = AttemptName & { end: AttemptEnd["end"] | "ended" | "silent"; detail: string };
/** `rows` are those tried so far, of `total`. */
export type AttemptRun = { wall: Wall; total: number; rows: AttemptRow[] };

const ANSWER_MS_MAX = 6000;
const ENDED_AFTER_MS = 1000;

/** Tries every way out behind the very wall that executors have here, one after another; `onChange` sees the rows so far. Fails when the wall cannot be built. */
export async function runAttempts(targets: Targets, onChange: (run: AttemptRun) => void): Promise<AttemptRun> {
  const mark = `shoal-escape-${crypto.randomUUID()}`;
  const { wing, port } = await openWing(SANDBOXES.attempts, mark);
  const page = listenFor(mark);
  try {
    const cell = new Cell(wing, mark, port);
    const rows: AttemptRow[] = [];
    const attempts = await cell.door.list();
    for (const attempt of attempts) {
      const row = await tryOne(cell, attempt, { ...targets, mark });
      rows.push(page.takeHeard() ? { ...row, end: "open", detail: "a message to the page" } : row);
      onChange({ wall: wing.wall, total: attempts.length, rows: [...rows] });
    }
    return { wall: wing.wall, total: attempts.length, rows };
  } finally {
    page.close();
    wing.close();
  }
}

/** A browser that is busy elsewhere can keep one attempt waiting; only one that is silent twice, each time in a fresh worker, is silent. */
async function tryOne(cell: Cell, attempt: AttemptName, tools: Targets & { mark: string }): Promise<AttemptRow> {
  const row = await tryOnce(cell, attempt, tools);
  return row.end === "silent" ? await tryOnce(cell, attempt, tools) : row;
}

async function tryOnce(cell: Cell, attempt: AttemptName, tools: Targets & { mark: string }): Promise<AttemptRow> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), attempt.mustBeEnded ? ENDED_AFTER_MS : ANSWER_MS_MAX);
  const answer = await Promise.race([cell.door.tryAttempt(attempt.name, tools), late]);
  clearTimeout(timer);
  if (answer) return { ...attempt, ...answer };
  const startedAt = performance.now();
  await cell.replace();
  return { ...attempt, end: attempt.mustBeEnded ? "ended" : "silent", detail: `replaced in ${Math.round(performance.now() - startedAt)} ms` };
}

/** The worker that attempts run in; the next one after it was ended. */
class Cell {
  door: Remote<AttemptDoor>;
  readonly #wing: Wing;
  #id: string;

  constructor(wing: Wing, id: string, port: MessagePort) {
    this.#wing = wing;
    this.#id = id;
    this.door = wrap<AttemptDoor>(port);
  }

  async replace(): Promise<void> {
    this.#wing.kill(this.#id);
    this.#id = `${this.#id}+`;
    this.door = wrap<AttemptDoor>(await this.#wing.spawn(this.#id));
  }
}

/** The page as an attempt would like to find it: it answers on the channel, and remembers whether anything marked reached its window. */
function listenFor(mark: string): { takeHeard(): boolean; close(): void } {
  let heard = false;
  const hear = ({ data }: MessageEvent): void => {
    // The frame's own news names executors by the mark, too; what a worker says must not come out as news.
    heard ||= typeof data?.no === "string" && data.no === mark;
  };
  const channel = new BroadcastChannel(ESCAPE_CHANNEL);
  channel.onmessage = () => channel.postMessage(mark);
  addEventListener("message", hear);
  return {
    takeHeard() {
      const was = heard;
      heard = false;
      return was;
    },
    close() {
      removeEventListener("message", hear);
      channel.close();
    },
  };
}
