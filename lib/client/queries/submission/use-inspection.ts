import { skipToken, useQuery } from "@tanstack/react-query";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { inspectWasm } from "#lib/domain/program/inspect-wasm.ts";
import { MEBI } from "./job-form.ts";

/**
 * What a chosen module is and why it would be refused, read here as the server reads it again when the job is submitted. Null data until it is read;
 * nothing is read of a file that is no module by its runtime or that is larger than any program may be.
 */
export function useInspection({ program, memoryMebi, runtime }: { program: File | null; memoryMebi: string; runtime: "wasi" | "wgsl" }) {
  const memoryBytesMax = Number(memoryMebi) > 0 ? Number(memoryMebi) * MEBI : null;
  const isRead = program !== null && runtime === "wasi" && program.size <= JOB_LIMITS.programBytesMax;
  return useQuery({
    queryKey: ["inspection", program && [program.name, program.size, program.lastModified], memoryBytesMax],
    queryFn: isRead ? async () => inspectWasm(new Uint8Array(await program.arrayBuffer()), memoryBytesMax) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}
