import { expect, test } from "vitest";
import { createRelease } from "./budgets/budgets.ts";
import { jobJson } from "./jobs/job-json.ts";
import { raiseBudget } from "./jobs/jobs.ts";

const WORD = `0x${"00".repeat(32)}`;
const NO_AMOUNTS = [
  "-1",
  "-0",
  "+1",
  "1.5",
  "1e3",
  "",
  " 1",
  "1 ",
  "01",
  "0x10",
  "1_000",
  "١",
  "9".repeat(19),
  "9".repeat(400),
  "NaN",
  1,
  1n,
  null,
  true,
  ["1"],
  {},
];

test("every door for an amount takes whole units that the books can hold, as text, and nothing else", () => {
  const doors = {
    release: (amount: unknown) => createRelease.input.safeParse({ budgetId: WORD, amountMicro: amount }),
    budget: (amount: unknown) => raiseBudget.input.safeParse({ jobId: `job_${"1".repeat(32)}`, reservedMicro: amount }),
    price: (amount: unknown) => jobJson.shape.price.safeParse({ replicaMicro: amount }),
  };
  for (const [name, take] of Object.entries(doors)) {
    for (const amount of ["0", "1", "9".repeat(18)]) expect(take(amount).success, `${name} ${amount}`).toBe(true);
    for (const amount of NO_AMOUNTS) expect(take(amount).success, `${name} ${String(amount)}`).toBe(false);
  }
});

test("a release takes no address that is none, and no field beside the known ones", () => {
  const isTaken = (more: object) => createRelease.input.safeParse({ budgetId: WORD, amountMicro: "1", ...more }).success;
  expect(isTaken({ to: `0x${"aB".repeat(20)}` })).toBe(true);
  for (const more of [{ to: "0x12" }, { to: `${"ab".repeat(20)}` }, { to: null }, { budgetId: "0x00" }, { nonce: 0 }, { deadline: "2100-01-01" }])
    expect(isTaken(more), JSON.stringify(more)).toBe(false);
});
