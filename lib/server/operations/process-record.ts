import "server-only";

/** What a person gave as reference, and what it was; the log has the whole. */
type Fault = { at: Date; where: string; reference: string; message: string };
const FAULTS_MAX = 50;
const MESSAGE_CHARS_MAX = 200;

class ProcessRecord {
  readonly startedAt = new Date();
  readonly #refusals = new Map<string, number>();
  readonly #unnamed = new Set<string>();
  readonly #faults: Fault[] = [];

  noteRefusal(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  /** A code that an endpoint answered with though the protocol does not name it there. */
  noteUnnamed(where: string, code: string): void {
    this.#unnamed.add(`${where}: ${code}`);
  }

  noteFault(where: string, reference: string, error: unknown): void {
    const message = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split("\n", 1)[0] ?? "";
    this.#faults.unshift({ at: new Date(), where, reference, message: message.slice(0, MESSAGE_CHARS_MAX) });
    this.#faults.length = Math.min(this.#faults.length, FAULTS_MAX);
  }

  /** Refusals by code, the most frequent first. */
  get refusals(): { code: string; count: number }[] {
    return [...this.#refusals].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
  }

  /** Answers that no client could expect, each as `endpoint: code`; empty unless the protocol's lists are wrong. */
  get unnamed(): string[] {
    return [...this.#unnamed];
  }

  /** The newest faults first. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }
}

const held = globalThis as typeof globalThis & { shoalRecord?: ProcessRecord };

/** What this process has refused and where it failed since it started. Losing it costs nothing; it hangs on the global object because a development server loads modules anew. */
export function getProcessRecord(): ProcessRecord {
  held.shoalRecord ??= new ProcessRecord();
  return held.shoalRecord;
}
