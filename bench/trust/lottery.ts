import type { BenchRow } from "#bench/report.ts";
import { drawOf, isDrawn } from "#lib/domain/trust/draw.ts";
import { createRandom, mix52, type Random } from "./random.ts";

/** The floor of the class `standard`: one check for each block of 25 results. */
const RATE = 0.04;
const BLOCK = 1 / RATE;
/** Longer series of wrong results are hardly ever unseen. */
const SERIES_MAX = 400;

/** How many wrong results in a row nobody looks at before the first one that is drawn. */
type Series = (random: Random) => number;

/** As the server draws: each result's lot by itself, at a place of its own. */
const perShard: Series = (random) => {
  const key = random.below(2 ** 31);
  const hash = (_: string, shard: { shardNo: number }) => mix52(key, shard.shardNo, 1);
  for (let no = 0; no < SERIES_MAX; no++) if (isDrawn(drawOf(hash, "check", { jobId: "", shardNo: no, round: 0 }), RATE)) return no;
  return SERIES_MAX;
};

/** One identity lies from the beginning of its block on, in which one result is drawn. */
const burstInBlock: Series = (random) => random.below(BLOCK);

/** Each identity lies once somewhere in its own block and leaves: each block has a draw of its own. */
const oneInEachBlock: Series = (random) => {
  for (let identities = 0; identities < SERIES_MAX; identities++) {
    const lieAt = random.below(BLOCK);
    const drawnAt = random.below(BLOCK);
    if (lieAt === drawnAt) return identities;
  }
  return SERIES_MAX;
};

/** The block's check is given out at once, to an accomplice: from then on the rest of the block is known to be free. */
const restOfBlock: Series = (random) => BLOCK - 1 - random.below(BLOCK);

/** The most wrong results that stay on average, whatever length of a series the attackers choose, when one that is drawn takes all back. */
function unseenBy(series: Series, by: { trials: number; seed: number }): number {
  const random = createRandom(by.seed);
  const counts = new Array<number>(SERIES_MAX + 1).fill(0);
  for (let i = 0; i < by.trials; i++) {
    const length = series(random);
    counts[length] = (counts[length] ?? 0) + 1;
  }
  let atLeast = 0;
  let most = 0;
  for (let length = SERIES_MAX; length >= 0; length--) {
    atLeast += counts[length] ?? 0;
    most = Math.max(most, (length * atLeast) / by.trials);
  }
  return most;
}

/** What lots for each result and checks placed in blocks let through, against a burst by one identity and against identities that lie once. */
export function lotteryRows(by: { trials: number; seed: number }): BenchRow[] {
  const row = (name: string, value: number, unit: string): BenchRow => ({ name: `lottery/${name}`, value, unit, peer: null, ratio: null, target: null });
  const random = createRandom(by.seed);
  const free = Array.from({ length: by.trials }, () => restOfBlock(random)).reduce((sum, length) => sum + length, 0) / by.trials;
  return [
    row("per-shard/burst/unseen", unseenBy(perShard, by), "wrong results"),
    row("per-shard/once-each/unseen", unseenBy(perShard, { ...by, seed: by.seed + 1 }), "wrong results"),
    row("blocks/burst/unseen", unseenBy(burstInBlock, by), "wrong results"),
    row("blocks/once-each/unseen", unseenBy(oneInEachBlock, by), "wrong results"),
    row("blocks-checked-at-once/accomplice/unseen", free, "wrong results in each block"),
  ];
}
