import fc from "fast-check";
import { expect, test } from "vitest";
import { createBackOff } from "./back-off.ts";

const randoms = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 40, maxLength: 40 });

test("every wait lies between the base and the cap", () => {
  fc.assert(
    fc.property(randoms, (values) => {
      let index = 0;
      const backOff = createBackOff({ baseMs: 200, capMs: 5000, random: () => values[index++ % values.length] ?? 0 });
      for (let attempt = 0; attempt < 20; attempt++) {
        const waitMs = backOff.nextMs();
        expect(waitMs).toBeGreaterThanOrEqual(200);
        expect(waitMs).toBeLessThanOrEqual(5000);
      }
    }),
  );
});

test("waits grow to the cap when luck is bad, and begin small again after a success", () => {
  const backOff = createBackOff({ baseMs: 200, capMs: 5000, random: () => 0.999 });
  const first = backOff.nextMs();
  for (let attempt = 0; attempt < 10; attempt++) backOff.nextMs();
  expect(backOff.nextMs()).toBe(5000);
  backOff.reset();
  expect(backOff.nextMs()).toBe(first);
});

test("what the server asks for is never shortened and stretched by a quarter at most", () => {
  fc.assert(
    fc.property(randoms, fc.integer({ min: 5000, max: 600_000 }), (values, askedMs) => {
      let index = 0;
      const waitMs = createBackOff({ baseMs: 200, capMs: 5000, random: () => values[index++ % values.length] ?? 0 }).nextMs(askedMs);
      expect(waitMs).toBeGreaterThanOrEqual(askedMs);
      expect(waitMs).toBeLessThanOrEqual(askedMs * 1.25);
    }),
  );
});
