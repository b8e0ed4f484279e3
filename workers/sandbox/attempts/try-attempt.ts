import type { AttemptEnd, AttemptGroup, AttemptTools } from "./attempt.ts";
import { ATTEMPTS } from "./attempts.ts";

export type AttemptName = { name: string; group: AttemptGroup; mustBeEnded: boolean };

/** What the attempts' worker offers over Comlink beside being an executor. */
export interface AttemptDoor {
  list(): AttemptName[];
  /** Tries one way out. Settles for every attempt but those that must be ended. */
  tryAttempt(name: string, tools: Omit<AttemptTools, "port">): Promise<AttemptEnd>;
}

/** The door of a worker that is reached by this port. */
export function createAttemptDoor(port: MessagePort): AttemptDoor {
  return {
    list: () => ATTEMPTS.map(({ name, group, mustBeEnded }) => ({ name, group, mustBeEnded: mustBeEnded ?? false })),
    async tryAttempt(name, tools) {
      const attempt = ATTEMPTS.find((candidate) => candidate.name === name);
      if (!attempt) return { end: "absent", detail: "" };
      try {
        return { end: "open", detail: String((await attempt.attempt({ ...tools, port })) ?? "") };
      } catch (error) {
        return error instanceof Error && error.name === "Absent" ? { end: "absent", detail: error.message } : { end: "refused", detail: wordsOf(error) };
      }
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? `${error.name}: ${error.message}` : String(error);
}
