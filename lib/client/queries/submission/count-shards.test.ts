import { expect, test } from "vitest";
import { countShards } from "./count-shards.ts";

const signal = new AbortController().signal;
const lines = (text: string, stop = signal) => countShards({ mode: "lines", linesPerShard: 1 }, new File([text], "in.txt"), stop);

test("a file is cut as the server cuts it, and the first five shards are told apart", async () => {
  const counted = await lines("a\n".repeat(1000));
  expect(counted).toEqual({
    ok: true,
    shardCount: 1000,
    first: [0, 1, 2, 3, 4].map((no) => ({ no, kind: "bytes", from: 2 * no, to: 2 * no + 2, headerBytes: 0 })),
  });
});

test("stops when it is no longer wanted", async () => {
  await expect(lines("a", AbortSignal.abort())).rejects.toThrow();
});
