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
  const { stdout, stderr } = process;
  return {
    env: process.env,
    print: (line) => void stdout.write(`${line}\n`),
    tell: (line) => void stderr.write(`${line}\n`),
    write: async (bytes) => {
      if (!stdout.write(bytes)) await new Promise((resolve) => stdout.once("drain", resolve));
    },
    stdin: process.stdin.isTTY ? null : process.stdin,
    isInteractive: stderr.isTTY === true,
    draw: (line) => void stderr.write(`\r\u001b[2K${line}`),
    interrupt: interrupt.signal,
  };
}
