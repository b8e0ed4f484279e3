import type { Words } from "#lib/text/words.ts";
import type { DroppedFile } from "./dropped-files.ts";
import { packZip } from "./pack-zip.ts";

/** An input of several files, and what is to be said about it; or what is wrong with them. */
export type PackedInput = { file: File; notice: string | null; problem?: undefined } | { file: null; problem: string };

/** What several files are as one input: a zip as it is, anything else packed to one, each file a shard. */
export async function packInput(files: readonly DroppedFile[], { text, fill }: Words): Promise<PackedInput> {
  const [first] = files;
  if (first && files.length === 1 && /\.zip$/i.test(first.path)) return { file: first.file, notice: null };
  const { packing } = text.submit;
  try {
    const packed = await packZip(files, "files.zip");
    if (!packed.ok) return { file: null, problem: fill(packing[packed.why], { name: packed.name }) };
    return { file: packed.file, notice: fill(packing.done, { count: packed.count, name: packed.file.name }) };
  } catch {
    return { file: null, problem: packing.unreadable };
  }
}
