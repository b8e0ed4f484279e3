import { connect } from "node:net";
import { encodeFrame, readFrames } from "../frames.ts";

/** What tests ask of it: a server to reach and a file to read that its parent could. */
export type HostileCall = { port: number; file: string };

/** Stands where the executor stands, as a program would that broke out of WebAssembly, and tells how far it got. */
for await (const { head } of readFrames(process.stdin, { headBytesMax: 1_000_000, partBytesMax: 0 })) {
  const { port, file } = head as HostileCall;
  const got = {
    environment: Object.keys(process.env).filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name)),
    file: await attempt(async () => (await import("node:fs")).readFileSync(file, "utf8")),
    written: await attempt(async () => (await import("node:fs")).writeFileSync("/tmp/shoal-hostile", "x")),
    process: await attempt(async () => (await import("node:child_process")).execFileSync("/bin/sh", ["-c", "id"])),
    thread: await attempt(async () => new (await import("node:worker_threads")).Worker("1", { eval: true })),
    network: await attempt(async () => await reach(port)),
    code: await attempt(async () => new Function("return 1")()),
    memory: await attempt(async () => new Uint8Array(3_000_000_000).fill(1)),
    user: process.getuid?.() ?? -1,
  };
  for (const bytes of encodeFrame({ head: got, parts: [] })) process.stdout.write(bytes);
}

async function attempt(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "got it";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

async function reach(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => connect(port, "127.0.0.1").on("connect", resolve).on("error", reject));
}
