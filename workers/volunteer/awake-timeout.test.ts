import { expect, test } from "vitest";
import { startAwakeTimeout } from "./awake-timeout.ts";

test("time in which no timer could run counts little, as when a machine sleeps", async () => {
  const startedAt = performance.now();
  const timeout = startAwakeTimeout(2000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  while (performance.now() - startedAt < 2000) {
    // Nothing else of this thread runs.
  }
  let isOver = false;
  const over = timeout.over.then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isOver).toBe(false);
  await over;
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2400);
});

test("a deadline that is cancelled never comes", async () => {
  const timeout = startAwakeTimeout(30);
  timeout.cancel();
  const winner = await Promise.race([timeout.over, new Promise((resolve) => setTimeout(() => resolve("nothing"), 120))]);
  expect(winner).toBe("nothing");
});
