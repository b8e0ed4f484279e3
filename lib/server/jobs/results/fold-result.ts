import "server-only";
import { BLOCK_SHARDS, createFold, type Folded } from "#lib/domain/reduce/fold.ts";
import { type FoldReducer, REDUCE_LIMITS } from "#lib/domain/reduce/reducer.ts";
import type { Services } from "../../context.ts";
import type { Job } from "../job-store.ts";
import { type AcceptedOutput, listAcceptedOutputs } from "../results-store.ts";
import { countFinal, type FoldedBlock, keepFoldedBlock, listFoldedBlocks } from "./fold-store.ts";

/** What one reading folds anew at most. A job of which more is new is folded over several readings. */
const NEW_SHARDS_MAX = 64 * BLOCK_SHARDS;
const NEW_BYTES_MAX = 256 * 1024 * 1024;

export type FoldScope = { closedWindowNo: number; finalBefore: number | null };

/**
 * What the reducer makes of the shards that are accepted now, or final now, and of how many of them. Blocks of which every shard is final are folded once and
 * kept; the others are folded again at each reading, so that a result that is taken back is in none of them.
 */
export async function foldResult(services: Services, job: Job & { reducer: FoldReducer }, scope: FoldScope): Promise<{ folded: Folded; shards: number }> {
  const { reducer, spec } = job;
  const blocks = new Map((await listFoldedBlocks(services.db, job.id)).map((block) => [block.blockNo, block]));
  let [after, newShards, newBytes] = [-1, 0, 0];
  while (newShards < NEW_SHARDS_MAX && newBytes < NEW_BYTES_MAX) {
    const [next] = await listAcceptedOutputs(services.db, job.id, { after, limit: 1, finalBefore: scope.finalBefore });
    if (!next) break;
    const blockNo = Math.floor(next.no / BLOCK_SHARDS);
    after = (blockNo + 1) * BLOCK_SHARDS - 1;
    if (blocks.has(blockNo)) continue;
    const { block, bytes } = await foldBlock(services, job, { blockNo, scope });
    blocks.set(blockNo, block);
    newShards += block.shards;
    newBytes += bytes;
  }
  const whole = createFold(reducer, spec.output.format);
  let shards = 0;
  for (const block of [...blocks.values()].sort((a, b) => a.blockNo - b.blockNo)) {
    whole.merge(block.state);
    shards += block.shards;
  }
  return { folded: whole.result(), shards };
}

type BlockRef = { blockNo: number; scope: FoldScope };

async function foldBlock(
  services: Services,
  job: Job & { reducer: FoldReducer },
  { blockNo, scope }: BlockRef,
): Promise<{ block: FoldedBlock; bytes: number }> {
  const { db } = services;
  const [fromNo, toNo] = [blockNo * BLOCK_SHARDS, Math.min((blockNo + 1) * BLOCK_SHARDS, job.shardCount)];
  // Counted before the outputs are read: what is final then is among them.
  const isFinal = (await countFinal(db, job.id, { fromNo, toNo, closedWindowNo: scope.closedWindowNo })) === toNo - fromNo;
  const outputs = await listAcceptedOutputs(db, job.id, { after: fromNo - 1, limit: BLOCK_SHARDS, finalBefore: scope.finalBefore });
  const fold = createFold(job.reducer, job.spec.output.format);
  let [shards, bytes] = [0, 0];
  for (const output of outputs.filter(({ no }) => no < toNo)) {
    const content = await readOutput(services, output);
    fold.add(output.no, content);
    shards += 1;
    bytes += content.length;
  }
  const block = { blockNo, shards, state: fold.save() };
  if (isFinal) await keepFoldedBlock(db, job.id, block);
  return { block, bytes };
}

/** The output whole; the door lets no job with such a reducer allow larger ones. */
export async function readOutput({ blobs }: Pick<Services, "blobs">, output: AcceptedOutput): Promise<Uint8Array> {
  return "inline" in output ? output.inline : await blobs.readBytes(output.artifact, { start: 0, end: REDUCE_LIMITS.outputBytesMax });
}
