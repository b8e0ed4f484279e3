import { readByte, readU32 } from "./module-reader.ts";
import { encodeU32 } from "./module-writer.ts";
import { walkSections } from "./walk-sections.ts";

const MEMORY_SECTION = 5;

/**
 * The module with its memory's maximum lowered to `pagesMax` pages of 64 KiB; a lower one of its own stays.
 * Expects a module that `inspectWasm` accepted for this limit, and throws for any other.
 */
export function withMemoryMaximum(bytes: Uint8Array, pagesMax: number): Uint8Array<ArrayBuffer> {
  for (const { id, start, content } of walkSections(bytes)) {
    if (id !== MEMORY_SECTION) continue;
    const count = readU32(content);
    const flags = readByte(content);
    const minPages = readU32(content);
    if (count !== 1 || flags > 1 || minPages > pagesMax) break;
    const maxPages = flags === 1 ? Math.min(readU32(content), pagesMax) : pagesMax;
    const limits = [1, 1, ...encodeU32(minPages), ...encodeU32(maxPages)];
    const section = [MEMORY_SECTION, ...encodeU32(limits.length), ...limits];
    const rewritten = new Uint8Array(start + section.length + bytes.length - content.end);
    rewritten.set(bytes.subarray(0, start));
    rewritten.set(section, start);
    rewritten.set(bytes.subarray(content.end), start + section.length);
    return rewritten;
  }
  throw new Error("Only a module that passed the inspection for this memory limit can be given a memory maximum.");
}
