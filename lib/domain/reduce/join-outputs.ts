import type { OutputFormat } from "../job/job.ts";
import { createConcat } from "./concat.ts";
import { createFold } from "./fold.ts";
import { isFold, type Reducer } from "./reducer.ts";

/** Makes a result of whole outputs that come in shard order: what each adds to it, and what its end does. */
export type Joiner = { add(no: number, output: Uint8Array): Uint8Array[]; end(): Uint8Array[] };

/** The joiner of a reducer; tiles of a mosaic follow each other as they are, for a picture is made where all of them are. */
export function createJoiner(reducer: Reducer, format: OutputFormat): Joiner {
  if (!isFold(reducer)) {
    const concat = createConcat(format);
    return { add: (_, output) => [...concat.push(output), ...concat.endShard()], end: () => concat.end() };
  }
  const fold = createFold(reducer, format);
  return {
    add(no, output) {
      fold.add(no, output);
      return [];
    },
    end: () => [fold.result().bytes],
  };
}
