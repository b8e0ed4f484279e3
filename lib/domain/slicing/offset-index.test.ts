import fc from "fast-check";
import { expect, test } from "vitest";
import { createOffsetBuffer, decodeOffsets, encodeOffsets } from "./offset-index.ts";

const offsets = fc.array(fc.maxSafeNat(), { maxLength: 50 });

test("decoding gives back what was encoded, up to 2⁵³ − 1", () => {
  fc.assert(
    fc.property(offsets, (numbers) => {
      expect(decodeOffsets(encodeOffsets(numbers))).toEqual(numbers);
    }),
  );
  expect(decodeOffsets(encodeOffsets([0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]))).toEqual([0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]);
});

test("an offset is eight bytes, the lowest first", () => {
  expect([...encodeOffsets([0x01_02_03_04_05_06])]).toEqual([6, 5, 4, 3, 2, 1, 0, 0]);
});

test("a buffer gives the same bytes, whatever its capacity and however often it is emptied", () => {
  fc.assert(
    fc.property(offsets, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 7 }), (numbers, capacity, every) => {
      const buffer = createOffsetBuffer(capacity);
      const taken: number[] = [];
      for (const [i, number] of numbers.entries()) {
        buffer.push(number);
        if (i % every === 0) taken.push(...decodeOffsets(buffer.take()));
      }
      expect([...taken, ...decodeOffsets(buffer.take())]).toEqual(numbers);
    }),
  );
});

test("bytes that are no whole number of offsets are refused", () => {
  expect(() => decodeOffsets(new Uint8Array(9))).toThrow(RangeError);
});
