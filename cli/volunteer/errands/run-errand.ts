import { setTimeout as sleep } from "node:timers/promises";
import { STDERR_BYTES_MAX } from "#lib/domain/job/job.ts";
import { joinBytes } from "#lib/domain/join-bytes.ts";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import type { ErrandReport, ErrandView } from "#lib/protocol/errands/errands.ts";
import type { ShardOutcome } from "#workers/executor/executor-contract.ts";
import { ContainedExecutor } from "../contained/contained-executor.ts";

export type Piece = ErrandView["stdin"][number];
/** Gives the bytes of a piece that lie somewhere else; fails where they cannot be had. */
export type FetchPiece = (piece: Exclude<Piece, { base64: string }>) => Promise<Uint8Array<ArrayBuffer>>;

/** What a run may take beyond its limit before its process is ended. */
const GRACE_MS = 500;

/** Runs an errand in a contained process of its own, and says how it ended. Fails only where its bytes cannot be had. */
export async function runErrand(errand: ErrandView, fetchPiece: FetchPiece): Promise<ErrandReport> {
  const { errandId, limits } = errand;
  await initSha256();
  const read = async (pieces: readonly Piece[]) =>
    joinBytes(await Promise.all(pieces.map((piece) => ("base64" in piece ? fromBase64(piece.base64) : fetchPiece(piece)))));
  const { sha256, url } = errand.program;
  const [program, stdin, files] = await Promise.all([
    fetchPiece({ url, sha256, start: 0, end: Number.MAX_SAFE_INTEGER }),
    read(errand.stdin),
    Promise.all(errand.files.map(async ({ name, pieces }) => ({ name, bytes: await read(pieces) }))),
  ]);
  const executor = new ContainedExecutor();
  try {
    const prepared = await executor.prepare({
      jobId: errandId,
      program,
      programSha256: sha256,
      memoryBytesMax: limits.memoryBytesMax,
      files: files.map((file) => ({ ...file, sha256: sha256Hex(file.bytes) })),
    });
    if (!prepared.ok) return { errandId, outcome: "crashed", durationMs: 0, stderr: prepared.reason };
    const run = executor.run({
      jobId: errandId,
      args: errand.args,
      env: errand.env,
      stdin,
      seed: BigInt(errand.seed),
      limits: { outputBytesMax: limits.outputBytesMax, stderrBytesMax: STDERR_BYTES_MAX },
    });
    const late = new AbortController();
    const outcome = await Promise.race([run, sleep(limits.timeMsMax + GRACE_MS, null, { signal: late.signal }).catch(() => null)]);
    late.abort();
    return outcome ? reportOf(errandId, outcome) : { errandId, outcome: "timeout", durationMs: limits.timeMsMax };
  } finally {
    executor.close();
  }
}

function reportOf(errandId: ErrandView["errandId"], outcome: ShardOutcome): ErrandReport {
  const { status, durationMs } = outcome;
  const stderr = (status === "crashed" && outcome.stderr === "" ? outcome.message : outcome.stderr).slice(0, STDERR_BYTES_MAX);
  return {
    errandId,
    outcome: status === "gpu_lost" ? "crashed" : status,
    durationMs,
    ...(stderr === "" ? {} : { stderr }),
    ...(status === "exit_code" ? { exitCode: outcome.exitCode } : {}),
    ...(status === "trap" ? { trap: outcome.trap } : {}),
    ...(status === "ok" ? { output: Buffer.from(outcome.output).toString("base64") } : {}),
  };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "base64"));
}
