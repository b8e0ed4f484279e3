import { openAsBlob } from "node:fs";
import { resolve } from "node:path";
import { previewSlicing, type ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import { readShardInput } from "#lib/domain/slicing/read-shard-input.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { LocalJob } from "../job/read-job-file.ts";

/** What a shard of this machine reads on stdin, and with slicing by files the name of its file. */
type ShardInput = { stdin: Uint8Array<ArrayBuffer>; file?: string | undefined };
export type CutInput = { shardCount: number; read(no: number): Promise<ShardInput> };

/** Cuts a job's input as an instance would, reading it once and holding only where shards begin. Refuses in the instance's own words. */
export async function cutInput({ job, folder }: LocalJob, signal: AbortSignal): Promise<CutInput> {
  const { slicing, input } = job;
  if (input && !("path" in input)) throw new ApiError("input_needed", { mode: slicing.mode, problem: "needs an input in a file of this machine" });
  const file = input ? await openAsBlob(resolve(folder, input.path)) : null;
  const source = file && { bytes: file.size, read: async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer()) };
  const cut = await previewSlicing(slicing, source, { shardsMax: Number.POSITIVE_INFINITY, signal });
  if (!cut.ok) throw new ApiError(cut.code, cut.params);
  const read = async (no: number): Promise<ShardInput> => {
    const shard = cut.first[no] as ShardPreview;
    const stdin = source ? await readShardInput(source, shard, Number.POSITIVE_INFINITY) : new Uint8Array();
    return { stdin, file: shard.kind === "file" ? shard.entry.name : undefined };
  };
  return { shardCount: cut.shardCount, read };
}
