import { expect, test } from "vitest";
import { ThreadPool } from "./thread-pool.ts";

/** A thread that does what it is told: answers, works for ever, takes all memory, throws, or ends. */
const SOURCE = `
  import { parentPort } from "node:worker_threads";
  const kept = [];
  let orders = 0;
  parentPort.on("message", (order) => {
    orders += 1;
    if (order === "for ever") for (;;);
    if (order === "everything") for (;;) kept.push({ nth: kept.length });
    if (order === "throw") throw new Error("it threw");
    if (order === "leave") process.exit(0);
    parentPort.postMessage({ order, orders });
  });`;
const LIMITS = { threads: 2, waitingMax: 3, timeMsMax: 60_000, heapMibMax: 32 };
const open = (limits: Partial<typeof LIMITS> = {}) =>
  new ThreadPool<string, { order: string; orders: number }>(new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`), { ...LIMITS, ...limits });

test("orders are answered by at most so many threads, which serve again, and no more wait than may", async () => {
  const pool = open();
  const done = await Promise.all(["a", "b", "c", "d", "e", "f", "g"].map((order) => pool.run(order)));
  expect(done.map((each) => (each.ok ? each.answer.order : each.reason))).toEqual(["a", "b", "c", "d", "e", "busy", "busy"]);
  const orders = done.flatMap((each) => (each.ok ? [each.answer.orders] : []));
  expect(orders.filter((count) => count === 1)).toHaveLength(2);
  expect(await pool.run("h")).toMatchObject({ ok: true, answer: { order: "h" } });
});

test("an order that never ends is ended, and the next ones are served by another thread", async () => {
  const pool = open({ threads: 1, timeMsMax: 1000 });
  expect(await Promise.all(["for ever", "a"].map((order) => pool.run(order)))).toEqual([
    { ok: false, reason: "too_long" },
    { ok: true, answer: { order: "a", orders: 1 } },
  ]);
});

test("an order that takes all memory ends alone", async () => {
  const pool = open({ threads: 1 });
  expect(await Promise.all(["everything", "a"].map((order) => pool.run(order)))).toEqual([
    { ok: false, reason: "out_of_memory" },
    { ok: true, answer: { order: "a", orders: 1 } },
  ]);
});

test("what a thread throws is thrown to whoever ordered, and a thread that leaves is told", async () => {
  const pool = open({ threads: 1 });
  await expect(pool.run("throw")).rejects.toThrow("it threw");
  await expect(pool.run("leave")).rejects.toThrow("ended before it answered");
  expect(await pool.run("a")).toMatchObject({ ok: true });
});
