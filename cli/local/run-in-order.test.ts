import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { runInOrder } from "./run-in-order.ts";

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
};
const { signal } = new AbortController();

test("results come in order however long each takes, one at a time on each executor", async () => {
  const busy = new Set<string>();
  const run = async (no: number, executor: string) => {
    expect(busy.has(executor)).toBe(false);
    busy.add(executor);
    await sleep(no % 3 === 0 ? 8 : 1);
    busy.delete(executor);
    return no * no;
  };
  expect(await collect(runInOrder(50, { executors: ["a", "b", "c"], run, signal }))).toEqual(Array.from({ length: 50 }, (_, no) => [no, no * no]));
});

test("nobody runs further ahead of a slow reader than the bound", async () => {
  let begun = 0;
  const results = runInOrder(1000, { executors: [1, 2], run: async () => ++begun, signal });
  await results.next();
  await sleep(20);
  expect(begun).toBeLessThanOrEqual(67);
  await results.return(undefined);
  await sleep(5);
  expect(begun).toBeLessThanOrEqual(67);
});

test("an error ends it, and an abort ends it with its reason", async () => {
  const broken = async (no: number) => {
    if (no === 3) throw new Error("broken");
    return no;
  };
  await expect(collect(runInOrder(10, { executors: [1], run: broken, signal }))).rejects.toThrow("broken");
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 10);
  await expect(collect(runInOrder(10, { executors: [1], run: () => sleep(60_000), signal: controller.signal }))).rejects.toThrow("enough");
});
