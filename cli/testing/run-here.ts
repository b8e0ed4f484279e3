import { main } from "../main.ts";
import type { Terminal } from "../terminal.ts";

/** How a command ended, and all it wrote. */
export type Ended = { code: number | null; out: string; err: string };
/** A command that runs; `seen` fills while it does. */
export type Running = { ended: Promise<Ended>; seen: Ended; interrupt(): void };

type Setting = { env: Terminal["env"]; input?: string | undefined; answer?: string; isInteractive?: boolean };

/** Starts a command line in this process, as the process of `shoal` would run it, with its streams in memory, somebody who answers if `answer` is given, and a screen that is drawn over if `isInteractive`: loading the command once serves every test of a file. */
export function startHere(args: string[], { env, input = "", answer, isInteractive = false }: Setting): Running {
  const seen: Ended = { code: null, out: "", err: "" };
  const decoder = new TextDecoder();
  const controller = new AbortController();
  const show = (stream: "out" | "err", text: string): void => {
    seen[stream] += text;
  };
  const terminal: Terminal = {
    env,
    print: (line) => show("out", `${line}\n`),
    tell: (line) => show("err", `${line}\n`),
    write: async (bytes) => show("out", decoder.decode(bytes, { stream: true })),
    stdin: stdinOf(input),
    isInteractive,
    ask:
      answer === undefined
        ? null
        : async (question) => {
            show("err", question);
            return answer;
          },
    draw: (line) => show("err", `\r${line}`),
    interrupt: controller.signal,
  };
  const ended = main(args, terminal).then((code) => ({ ...seen, code }));
  return { ended, seen, interrupt: () => controller.abort() };
}

async function* stdinOf(input: string): AsyncGenerator<Uint8Array> {
  if (input !== "") yield new TextEncoder().encode(input);
}
