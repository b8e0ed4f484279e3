import { expect, test } from "vitest";
import { lotteryRows } from "./lottery.ts";

/** max over k of k(1 − c)ᵏ at c = 4 %, about 1 ÷ (e·c). */
const UNSEEN_MAX = 24 * 0.96 ** 24;

test("blocks catch bursts sooner, and let identities that lie once through as lots for each result do: the worst case is the same", () => {
  const rows = new Map(lotteryRows({ trials: 20_000, seed: 11 }).map(({ name, value }) => [name, value]));
  const of = (name: string) => rows.get(`lottery/${name}`) ?? Number.NaN;
  expect(of("blocks/burst/unseen")).toBeLessThan(0.75 * of("per-shard/burst/unseen"));
  for (const name of ["per-shard/burst/unseen", "per-shard/once-each/unseen", "blocks/once-each/unseen"]) expect(of(name) / UNSEEN_MAX).toBeCloseTo(1, 1);
  expect(of("blocks-checked-at-once/accomplice/unseen")).toBeGreaterThan(UNSEEN_MAX);
});
