import { expect, test } from "vitest";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { createWords } from "#lib/text/words.ts";
import { EMPTY_FORM } from "./job-form.ts";
import { readCostForm } from "./read-cost-form.ts";

const words = createWords("en", CATALOGUES.en);

test("the cost is known before the rest of the form is right", () => {
  const form = { ...EMPTY_FORM, mode: "range" as const, to: "50", assurance: "instant" as const, replicasMax: "3", price: "0.5", timeSeconds: "never" };
  expect(readCostForm(form, "standard", words)).toEqual({
    slicing: { mode: "range", from: 0, to: 50, step: 1, valuesPerShard: 1 },
    verification: { assurance: "instant", quorum: 2, replicasMax: 3 },
    priceMicro: 500_000n,
  });
  expect(readCostForm({ ...form, assurance: null }, "standard", words)?.verification.replicasMax).toBe(3);
  expect(readCostForm({ ...form, assurance: null }, "instant", words)?.verification.replicasMax).toBe(5);
});

test("without a price or a number of replicas there is no cost", () => {
  expect(readCostForm({ ...EMPTY_FORM, price: "" }, "instant", words)).toBeNull();
  expect(readCostForm({ ...EMPTY_FORM, assurance: "instant", replicasMax: "many" }, "instant", words)).toBeNull();
});
