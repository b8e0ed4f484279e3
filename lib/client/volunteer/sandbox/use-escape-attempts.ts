import { useState } from "react";
import type { AttemptRun } from "./run-attempts.ts";

/** An origin that is nobody's secret and answers everybody: if something got out, it would arrive. */
const OTHER_ORIGIN = "https://example.com";

type EscapeAttempts = { run: AttemptRun | null; isRunning: boolean /** Why they could not be made. */; problem: unknown };

/** Attempts to break out of this browser's own sandbox, made when the visitor asks for them. */
export function useEscapeAttempts(): EscapeAttempts & { start(): Promise<void> } {
  const [attempts, setAttempts] = useState<EscapeAttempts>({ run: null, isRunning: false, problem: null });
  const start = async (): Promise<void> => {
    if (attempts.isRunning) return;
    setAttempts({ run: null, isRunning: true, problem: null });
    try {
      const { runAttempts } = await import("./run-attempts.ts");
      const run = await runAttempts({ own: location.origin, other: OTHER_ORIGIN }, (soFar) => setAttempts({ run: soFar, isRunning: true, problem: null }));
      setAttempts({ run, isRunning: false, problem: null });
    } catch (problem) {
      setAttempts({ run: null, isRunning: false, problem });
    }
  };
  return { ...attempts, start };
}
