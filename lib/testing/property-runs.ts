import fc from "fast-check";
import { atSize, TEST_SEED } from "./run-size.ts";

/* Loaded before every test file: property tests take their seed and their number of runs from the test run. */
fc.configureGlobal({ seed: TEST_SEED, numRuns: atSize(100, 2000) });
