/** Takes the byte offset at which the next shard begins; called in order, the last time with the length of the input. */
export type OffsetSink = (offset: number) => void;

/** Why an input cannot be cut: the line, counted from 1, and what is wrong with it. */
export type SliceProblem = { line: number; problem: string };

/**
 * What an input turned out to be. Without records there are no shards and no offset was given;
 * with n shards the sink got n + 1 offsets, from 0 to the length of the input.
 */
export type SliceSummary = { ok: true; records: number; shardCount: number; bytes: number } | ({ ok: false } & SliceProblem);

/** Cuts an input that arrives in chunks of any size; holds none of it. */
export interface Slicer {
  /** Reads the next chunk. After a problem it reads nothing more and answers with the same problem. */
  push(chunk: Uint8Array): SliceProblem | null;
  /** Ends the input, gives the last offset, and sums up. */
  end(): SliceSummary;
}
