import { previewSlicing, type SlicingPreview } from "#lib/domain/slicing/preview-slicing.ts";
import type { Slicing } from "#lib/domain/slicing/slicing.ts";
import type { ByteSource } from "#lib/domain/slicing/zip/list-zip.ts";

/** How many of the first shards are told apart; enough to see how the input is cut and to try the program. */
const FIRST_SHARDS_MAX = 5;

/** How many shards a submission makes and which the first are, or the code with which the server would refuse it. Cuts as the server does; the server decides. */
export async function countShards(slicing: Slicing, input: File | null, signal: AbortSignal): Promise<SlicingPreview> {
  return await previewSlicing(slicing, input && sourceOf(input), { shardsMax: FIRST_SHARDS_MAX, signal });
}

/** A file of the page as bytes that can be read anywhere. */
export function sourceOf(file: Blob): ByteSource {
  return { bytes: file.size, read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()) };
}
