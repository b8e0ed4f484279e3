/** The seed of this test run, which `npm test` prints: the same seed makes the same random cases. */
export const TEST_SEED = Number(process.env.SHOAL_TEST_SEED ?? 1);

/** How many cases or rounds a test runs: `small` in every run, `full` under `npm run test:long`. */
export function atSize<T = number>(small: T, full: T): T {
  return process.env.SHOAL_TEST_LONG === "1" ? full : small;
}
