import type { OutputFormat } from "../job/job.ts";
import { createConcat } from "./concat.ts";
import { BLOCK_SHARDS, createFold } from "./fold.ts";
import { type FoldReducer, isFold, type Reducer } from "./reducer.ts";

/** Makes a result of whole outputs that come in shard order: what each adds to it, and what its end does. */
export type Joiner = { add(no: number, output: Uint8Array): Uint8Array[]; end(): Uint8Array[] };

/** The joiner of a reducer; tiles of a mosaic follow each other as they are, for a picture is made where all of them are, and so does what an owner's program will read. */
export function createJoiner(reducer: Reducer<unknown>, format: OutputFormat): Joiner {
  if (!isFold(reducer)) {
    const concat = createConcat(format);
    return { add: (_, output) => [...concat.push(output), ...concat.endShard()], end: () => concat.end() };
  }
  return createFoldJoiner(reducer, format);
}

/** Folds block by block as an instance does, so that sums are rounded alike; no result where there was no output. */
function createFoldJoiner(reducer: FoldReducer, format: OutputFormat): Joiner {
  const whole = createFold(reducer, format);
  let block: { no: number; fold: ReturnType<typeof createFold> } | null = null;
  return {
    add(no, output) {
      const blockNo = Math.floor(no / BLOCK_SHARDS);
      if (block?.no !== blockNo) {
        if (block) whole.merge(block.fold.save());
        block = { no: blockNo, fold: createFold(reducer, format) };
      }
      block.fold.add(no, output);
      return [];
    },
    end() {
      if (!block) return [];
      whole.merge(block.fold.save());
      return [whole.result().bytes];
    },
  };
}
