import type { Attempt } from "./attempt.ts";
import { CODE_ATTEMPTS } from "./code-attempts.ts";
import { NETWORK_ATTEMPTS } from "./network-attempts.ts";
import { PROGRAM_ATTEMPTS } from "./program-attempts.ts";
import { STORAGE_ATTEMPTS } from "./storage-attempts.ts";
import { SURROUNDINGS_ATTEMPTS } from "./surroundings-attempts.ts";

/** Every way out that is tried, by the visitor's own browser and by the tests. */
export const ATTEMPTS: readonly Attempt[] = [...NETWORK_ATTEMPTS, ...CODE_ATTEMPTS, ...STORAGE_ATTEMPTS, ...SURROUNDINGS_ATTEMPTS, ...PROGRAM_ATTEMPTS];
