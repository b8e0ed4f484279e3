import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutIntoParts, GrantInput } from "./input-parts.ts";

const lengths = fc.array(fc.nat(50), { minLength: 1, maxLength: 60 });
function offsetsOf(sizes: readonly number[], start: number): number[] {
  const offsets = [start];
  for (const size of sizes) offsets.push((offsets.at(-1) ?? 0) + size);
  return offsets;
}

describe("cutIntoParts", () => {
  test("parts are whole shards in order, and none is larger than allowed unless it is one shard", () => {
    fc.assert(
      fc.property(lengths, fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 120 }), (sizes, start, fromNo, bytesMax) => {
        const offsets = offsetsOf(sizes, start);
        const parts = cutIntoParts({ fromNo, offsets }, bytesMax);
        expect(parts[0]?.fromNo).toBe(fromNo);
        expect(parts.at(-1)?.toNo).toBe(fromNo + sizes.length);
        for (const [index, part] of parts.entries()) {
          if (index > 0) expect(part.fromNo).toBe(parts[index - 1]?.toNo);
          const bytes = (offsets[part.toNo - fromNo] ?? 0) - (offsets[part.fromNo - fromNo] ?? 0);
          if (part.toNo - part.fromNo > 1) expect(bytes).toBeLessThanOrEqual(bytesMax);
        }
      }),
    );
  });

  test("a span within the bound is one part", () => {
    expect(cutIntoParts({ fromNo: 5, offsets: [10, 20, 30] }, 20)).toEqual([{ fromNo: 5, toNo: 7 }]);
  });
});

describe("GrantInput", () => {
  const content = Uint8Array.from({ length: 100 }, (_, index) => index);

  test("every shard gets its own bytes from one request for the whole grant", async () => {
    const requests: unknown[] = [];
    const input = new GrantInput({ fromNo: 3, input: { url: "/in", offsets: [10, 15, 15, 40] } }, async (url, span) => {
      requests.push({ url, ...span });
      return content.slice(span.from, span.to);
    });
    const pieces = await Promise.all([4, 3, 5].map((no) => input.take(no)));
    expect(pieces.map((piece) => [...piece])).toEqual([[], [10, 11, 12, 13, 14], [...content.slice(15, 40)]]);
    expect(requests).toEqual([{ url: "/in", from: 10, to: 40 }]);
  });

  test("a shard of another grant is refused", async () => {
    const input = new GrantInput({ fromNo: 3, input: { url: "/in", offsets: [0, 1] } }, async () => content.slice(0, 1));
    await expect(input.take(4)).rejects.toThrow("not in this grant");
  });
});
