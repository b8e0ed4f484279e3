import { createInterface } from "node:readline";
import type { Terminal } from "./terminal.ts";

const INTERRUPTED = 130;

/** The terminal of a real process. The first Ctrl-C (or SIGTERM) asks the command to end, the second ends the process. */
export function openTerminal(process: NodeJS.Process): Terminal {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(INTERRUPTED);
    interrupt.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that went away (shoal jobs | head) is no error.
  process.stdout.on("error", () => process.exit(0));
  const { stdin, stdout, stderr } = process;
  const ask = async (question: string): Promise<string> => {
    stderr.write(question);
    return await new Promise((resolve) => {
      const lines = createInterface({ input: stdin, signal: interrupt.signal });
      lines.once("close", () => resolve(""));
      lines.once("line", (line) => {
        resolve(line);
        lines.close();
      });
    });
  };
  return {
    env: process.env,
    print: (line) => void stdout.write(`${line}\n`),
    tell: (line) => void stderr.write(`${line}\n`),
    write: async (bytes) => {
      if (!stdout.write(bytes)) await new Promise((resolve) => stdout.once("drain", resolve));
    },
    stdin: stdin.isTTY ? null : stdin,
    isInteractive: stderr.isTTY === true,
    ask: stdin.isTTY && stderr.isTTY ? ask : null,
    draw: (line) => void stderr.write(`\r\u001b[2K${line}`),
    interrupt: interrupt.signal,
  };
}
