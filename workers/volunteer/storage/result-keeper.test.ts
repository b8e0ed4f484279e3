import { expect, test } from "vitest";
import type { GrantId } from "#lib/domain/ids.ts";
import { createMemoryStorage } from "./memory-storage.ts";
import { KEPT_RESULTS, ResultKeeper } from "./result-keeper.ts";
import type { KeptResult, ResultStore } from "./storage-contract.ts";

const grantId = `grt_${"1".repeat(32)}` as GrantId;
const kept = (no: number, over: Partial<KeptResult> = {}): KeptResult => ({
  jobId: `job_${"1".repeat(32)}`,
  grantId,
  result: { no, outcome: "ok", durationMs: 1 },
  atMs: 1_000_000 + no,
  upload: null,
  ...over,
});
const numbers = async (store: ResultStore) => (await store.list()).map(({ result }) => result.no);
const never = () => expect.unreachable();

test("what one life keeps, the next one finds, the oldest first, until it is dropped", async () => {
  const { results } = createMemoryStorage();
  const first = new ResultKeeper(results, never);
  await first.keep(kept(2));
  await first.keep(kept(1));
  const second = new ResultKeeper(results, never);
  expect((await second.open(2_000_000)).map(({ result }) => result.no)).toEqual([1, 2]);
  await second.drop([{ grantId, no: 1 }]);
  expect(second.count).toBe(1);
  expect(await numbers(results)).toEqual([2]);
});

test("a result that no grant can outlive is forgotten", async () => {
  const { results } = createMemoryStorage();
  await results.keep(kept(1));
  expect(await new ResultKeeper(results, never).open(1_000_000 + 7 * 3_600_000)).toEqual([]);
  expect(await results.list()).toEqual([]);
});

test("beyond the count and beyond the bytes the oldest go", async () => {
  const { results } = createMemoryStorage();
  const keeper = new ResultKeeper(results, never);
  for (let no = 0; no < KEPT_RESULTS.countMax + 3; no++) await keeper.keep(kept(no));
  expect(keeper.count).toBe(KEPT_RESULTS.countMax);
  expect((await numbers(results))[0]).toBe(3);
  const bytes = new Uint8Array(KEPT_RESULTS.bytesMax / 2);
  const large = new ResultKeeper(createMemoryStorage().results, never);
  for (let no = 0; no < 3; no++) await large.keep(kept(no, { upload: { url: "/x", bytes } }));
  expect(large.count).toBe(1);
  // Once it is uploaded, a result needs its bytes no more.
  await large.keep(kept(2));
  await large.keep(kept(3, { upload: { url: "/x", bytes } }));
  expect(large.count).toBe(2);
});

test("storage that fails is told, and nothing else happens", async () => {
  const fail = async (): Promise<never> => await Promise.reject(new Error("full"));
  let failures = 0;
  const keeper = new ResultKeeper({ list: fail, keep: fail, drop: fail }, () => failures++);
  expect(await keeper.open(0)).toEqual([]);
  await keeper.keep(kept(1));
  await keeper.drop([{ grantId, no: 1 }]);
  expect(failures).toBe(3);
});
