import { expect, test } from "vitest";
import { BLOCK_SHARDS, createFold } from "./fold.ts";
import { createJoiner } from "./join-outputs.ts";
import type { FoldReducer } from "./reducer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const REDUCERS: FoldReducer[] = [{ kind: "mean" }, { kind: "sum" }, { kind: "top-k", k: 3, order: "largest" }, { kind: "histogram", from: 0, to: 1, bins: 4 }];

test.each(REDUCERS)("$kind joined here is, to the byte, what blocks that are folded apart and merged give", (reducer) => {
  const values = Array.from({ length: 2 * BLOCK_SHARDS + 10 }, (_, no) => Math.abs(Math.sin(no)) / 3);
  const joiner = createJoiner(reducer, "text");
  const whole = createFold(reducer, "text");
  for (let from = 0; from < values.length; from += BLOCK_SHARDS) {
    const block = createFold(reducer, "text");
    for (let no = from; no < Math.min(from + BLOCK_SHARDS, values.length); no++) {
      // Shards without an output leave gaps.
      if (no % 7 === 3) continue;
      block.add(no, bytes(`${values[no]}\n`));
      expect(joiner.add(no, bytes(`${values[no]}\n`))).toEqual([]);
    }
    whole.merge(block.save());
  }
  expect(joiner.end()).toEqual([whole.result().bytes]);
});

test("where no shard had an output there is no result", () => {
  expect(createJoiner({ kind: "sum" }, "text").end()).toEqual([]);
});
