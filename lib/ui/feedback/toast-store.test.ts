import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ToastStore } from "./toast-store.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const textsOf = (store: ToastStore) => store.read().map(({ text }) => text);

test("a toast leaves by itself, and its page is told both times", () => {
  const store = new ToastStore();
  const told = vi.fn();
  store.subscribe(told);
  store.show("Paused");
  expect(textsOf(store)).toEqual(["Paused"]);
  vi.advanceTimersByTime(60_000);
  expect([textsOf(store), told.mock.calls.length]).toEqual([[], 2]);
});

test("nothing leaves while it is looked at, also what came meanwhile, and all of it does afterwards", () => {
  const store = new ToastStore();
  store.show("one");
  store.hold();
  store.show("two");
  vi.advanceTimersByTime(600_000);
  expect(textsOf(store)).toEqual(["one", "two"]);
  store.release();
  vi.advanceTimersByTime(60_000);
  expect(textsOf(store)).toEqual([]);
});

test("a toast that left under the pointer does not hold the next one", () => {
  const store = new ToastStore();
  store.show("one");
  store.hold();
  store.dismiss(store.read()[0]?.id ?? 0);
  store.show("two");
  vi.advanceTimersByTime(60_000);
  expect(textsOf(store)).toEqual([]);
});

test("the oldest of too many leaves", () => {
  const store = new ToastStore();
  for (const text of ["a", "b", "c", "d", "e"]) store.show(text);
  expect(textsOf(store)).toEqual(["c", "d", "e"]);
});
