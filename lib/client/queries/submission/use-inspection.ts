import { skipToken, useQuery } from "@tanstack/react-query";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { inspectProgram } from "#lib/domain/program/inspect-program.ts";
import type { Inspection } from "#lib/domain/program/inspect-wasm.ts";
import { withYieldPoints } from "#lib/domain/program/paced-build.ts";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import { MEBI } from "./job-form.ts";

/** The build that devices make of a program where it has to rest; null where there is none, or the program is refused. */
export type PacedFacts = { loops: number; addedBytes: number; sha256: string };

/**
 * What a chosen module is and why it would be refused, read here as the server reads it again when the job is submitted. Null data until it is read;
 * nothing is read of a file that is no module by its runtime or that is larger than any program may be.
 */
export function useInspection({ program, memoryMebi, runtime }: { program: File | null; memoryMebi: string; runtime: "wasi" | "wgsl" }) {
  const memoryBytesMax = Number(memoryMebi) > 0 ? Number(memoryMebi) * MEBI : null;
  const isRead = program !== null && runtime === "wasi" && program.size <= JOB_LIMITS.programBytesMax;
  return useQuery({
    queryKey: ["inspection", program && [program.name, program.size, program.lastModified], memoryBytesMax],
    queryFn: isRead ? async () => await inspect(new Uint8Array(await program.arrayBuffer()), memoryBytesMax) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}

async function inspect(bytes: Uint8Array, memoryBytesMax: number | null): Promise<Inspection & { paced: PacedFacts | null }> {
  const inspection = await inspectProgram(bytes, memoryBytesMax);
  const built = inspection.problems.length === 0 ? withYieldPoints(bytes) : null;
  if (!built) return { ...inspection, paced: null };
  await initSha256();
  return { ...inspection, paced: { loops: built.loops, addedBytes: built.bytes.length - bytes.length, sha256: sha256Hex(built.bytes) } };
}
