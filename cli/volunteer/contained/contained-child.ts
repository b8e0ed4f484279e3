import { createExecutor } from "#workers/executor/executor.ts";
import type { ShardOutcome } from "#workers/executor/executor-contract.ts";
import { type ContainedCall, splitCall } from "./contained-calls.ts";
import { encodeFrame, readFrames } from "./frames.ts";

// Graphics processors belong to no contained process: what trusted devices repeat is WebAssembly.
const executor = createExecutor(async () => null);

/** Its parent is the one who checks sizes; this side may be told whatever a job may be. */
const LIMITS = { headBytesMax: 16 * 1024 * 1024, partBytesMax: Number.MAX_SAFE_INTEGER };

for await (const frame of readFrames(process.stdin, LIMITS)) {
  const call = splitCall(frame.head as ContainedCall, frame.parts);
  if (call.name === "prepare") answer(await executor.prepare(call.request), []);
  else answerRun(await executor.run(call.request));
}

function answerRun(outcome: ShardOutcome): void {
  const { output, ...head } = { output: null, ...outcome };
  answer(head, output ? [output] : []);
}

function answer(head: unknown, parts: Uint8Array<ArrayBuffer>[]): void {
  for (const bytes of encodeFrame({ head, parts })) process.stdout.write(bytes);
}
