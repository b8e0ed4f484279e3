import { joinBytes } from "#lib/domain/join-bytes.ts";
import type { OutputSample } from "#lib/domain/output/first-lines.ts";

/** Reads the beginning of an answer, at most `bytesMax(what was read so far)` bytes, and drops the rest of it. */
export async function readBeginning(response: Response, bytesMax: (read: Uint8Array) => number): Promise<OutputSample> {
  if (!response.body) return { bytes: new Uint8Array(), isWhole: true };
  const reader = response.body.getReader();
  let bytes = new Uint8Array();
  let isWhole = false;
  while (!isWhole && bytes.length < bytesMax(bytes)) {
    const { done, value } = await reader.read();
    if (done) isWhole = true;
    else bytes = joinBytes([bytes, value]);
  }
  await reader.cancel();
  const limit = bytesMax(bytes);
  return bytes.length > limit ? { bytes: bytes.slice(0, limit), isWhole: false } : { bytes, isWhole };
}
