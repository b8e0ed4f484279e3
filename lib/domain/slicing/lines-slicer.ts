import type { OffsetSink, Slicer } from "./slicer.ts";

const LF = 0x0a;

/**
 * Cuts text between lines, `linesPerShard` of them into each shard but the last. A line is any bytes up to and with a newline; the last one may
 * lack it, and a final newline begins no further line. Empty lines count.
 */
export function createLinesSlicer(linesPerShard: number, onOffset: OffsetSink): Slicer {
  let bytes = 0;
  let lines = 0;
  let atLineStart = true;
  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (atLineStart) {
          if (lines % linesPerShard === 0) onOffset(bytes + at);
          lines += 1;
        }
        const newline = chunk.indexOf(LF, at);
        atLineStart = newline !== -1;
        at = newline === -1 ? chunk.length : newline + 1;
      }
      bytes += chunk.length;
      return null;
    },
    end() {
      if (lines > 0) onOffset(bytes);
      return { ok: true, records: lines, shardCount: Math.ceil(lines / linesPerShard), bytes };
    },
  };
}
