import { expect, test } from "vitest";
import { findPicture } from "./picture.ts";

const bytes = (head: string, ...rest: number[]) => new Uint8Array([...new TextEncoder().encode(head), ...rest]);

test("formats that browsers read are known by how they begin", () => {
  expect(findPicture(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]))).toEqual({ kind: "encoded", type: "image/png" });
  expect(findPicture(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toEqual({ kind: "encoded", type: "image/jpeg" });
});

test("a grey and a coloured picture become pixels, scaled to 255, with comments in their heads", () => {
  expect(findPicture(bytes("P5\n2 1\n15\n", 0, 15))).toEqual({
    kind: "pixels",
    width: 2,
    height: 1,
    rgba: new Uint8ClampedArray([0, 0, 0, 255, 255, 255, 255, 255]),
  });
  expect(findPicture(bytes("P6\n# made by hand\n1 1\n255\n", 1, 2, 3))).toMatchObject({ width: 1, height: 1, rgba: new Uint8ClampedArray([1, 2, 3, 255]) });
});

test("text, cut pictures and pictures too large to draw are none", () => {
  expect(findPicture(bytes("hello"))).toBeNull();
  expect(findPicture(new Uint8Array())).toBeNull();
  expect(findPicture(bytes("P5\n2 2\n255\n", 1, 2, 3))).toBeNull();
  expect(findPicture(bytes("P5\n99999 99999\n255\n", 1))).toBeNull();
});
