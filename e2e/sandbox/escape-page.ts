import { wrap } from "comlink";
import { BrowserHost } from "#lib/client/volunteer/browser-host.ts";
import { type AttemptRun, runAttempts } from "#lib/client/volunteer/sandbox/run-attempts.ts";
import type { Executor } from "#workers/executor/executor-contract.ts";
import type { Targets } from "#workers/sandbox/attempts/attempt.ts";

/** An executor as the page's engine would get it: `answers` settles when it has answered a call, `gone` when it is said to be lost. */
type Held = { id: string; answers(): Promise<boolean>; gone: Promise<void> };

declare global {
  /** Tries every way out from this page. Only pages that were given this script have these. */
  var tryToEscape: (targets: Targets) => Promise<AttemptRun>;
  var sandboxHost: BrowserHost;
  var spawnExecutor: () => Promise<Held>;
}

globalThis.tryToEscape = async (targets) => await runAttempts(targets, () => {});
globalThis.sandboxHost = new BrowserHost(() => {});
globalThis.spawnExecutor = async () => {
  const { id, port, lost } = await globalThis.sandboxHost.spawn();
  const gone = new Promise<void>((resolve) => {
    lost.onmessage = () => resolve();
  });
  const executor = wrap<Executor>(port);
  const shard = { jobId: "job_unknown", args: [], env: {}, stdin: new Uint8Array(), seed: 0n, limits: { outputBytesMax: 1, stderrBytesMax: 1 } };
  return { id, gone, answers: async () => (await executor.run(shard)).status === "crashed" };
};
