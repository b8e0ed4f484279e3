import { joinBytes } from "../join-bytes.ts";
import { type Earning, earningAt, packEarnings } from "../merkle/earnings.ts";

/**
 * The leaves of an epoch: those of the one before, each raised by what it was paid since, and those of accounts that are new; sorted by address. Both inputs are sorted.
 * Yields packed earnings in pieces and keeps one piece in memory, whatever their number.
 */
export async function* mergeLeaves(before: AsyncIterable<Uint8Array>, paid: AsyncIterable<Earning>): AsyncGenerator<Uint8Array> {
  let piece: Earning[] = [];
  for await (const leaf of merge(unpack(before), paid)) {
    piece.push(leaf);
    if (piece.length < PIECE_LEAVES) continue;
    yield packEarnings(piece);
    piece = [];
  }
  if (piece.length > 0) yield packEarnings(piece);
}

async function* merge(before: AsyncIterable<Earning>, paid: AsyncIterable<Earning>): AsyncGenerator<Earning> {
  const added = paid[Symbol.asyncIterator]();
  let next = await added.next();
  for await (const leaf of before) {
    while (!next.done && next.value.account < leaf.account) {
      yield next.value;
      next = await added.next();
    }
    const isRaised = !next.done && next.value.account === leaf.account;
    yield isRaised ? { account: leaf.account, cumulative: leaf.cumulative + (next.value as Earning).cumulative } : leaf;
    if (isRaised) next = await added.next();
  }
  for (; !next.done; next = await added.next()) yield next.value;
}

const PIECE_LEAVES = 4096;

async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Earning> {
  let rest = new Uint8Array();
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : joinBytes([rest, piece]);
    const whole = Math.floor(bytes.length / 32);
    for (let index = 0; index < whole; index += 1) yield earningAt(bytes.subarray(index * 32, index * 32 + 32), 0);
    rest = bytes.slice(whole * 32);
  }
}
