import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createSha256, initSha256, sha256Hex } from "./sha256.ts";

const encoder = new TextEncoder();

test("hashing before the implementation is loaded says what to do", () => {
  expect(() => sha256Hex(new Uint8Array())).toThrow("await initSha256()");
});

test("agrees with the published vectors of FIPS 180-4", async () => {
  await initSha256();
  expect(sha256Hex(encoder.encode(""))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256Hex(encoder.encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256Hex(encoder.encode("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))).toBe(
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

test("agrees with Node's own SHA-256 at every length around its block size, and at 3 MiB", async () => {
  await initSha256();
  const bytes = Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, index) => (index * 31 + (index >> 7)) & 255);
  const lengths = [...Array(200).keys(), 65_535, 65_536, 65_537, bytes.length];
  for (const length of lengths) {
    const piece = bytes.subarray(0, length);
    expect(sha256Hex(piece)).toBe(createHash("sha256").update(piece).digest("hex"));
  }
});

test("streams that are open at the same time do not disturb each other", async () => {
  await initSha256();
  const left = createSha256();
  const right = createSha256();
  const untouched = createSha256();
  for (let index = 0; index < 100; index += 1) {
    left.update(encoder.encode(`left ${index}`));
    if (index % 3 === 0) right.update(encoder.encode(`right ${index}`));
    if (index === 50) expect(sha256Hex(encoder.encode("abc")).slice(0, 8)).toBe("ba7816bf");
  }
  const expected = (text: string) => createHash("sha256").update(text).digest("hex");
  const numbers = [...Array(100).keys()];
  expect(right.digestHex()).toBe(
    expected(
      numbers
        .filter((n) => n % 3 === 0)
        .map((n) => `right ${n}`)
        .join(""),
    ),
  );
  expect(left.digestHex()).toBe(expected(numbers.map((n) => `left ${n}`).join("")));
  expect(untouched.digestHex()).toBe(expected(""));
  expect(() => left.update(new Uint8Array(1))).toThrow("has ended");
});
