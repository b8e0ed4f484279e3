import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * What leaves nothing behind in its process needs none of its own for each file, and starting and loading one takes longer than most of the tests: what has no I/O, and
 * what keeps all that it knows with the database, the configuration or the page that it was given.
 */
const SHARING = ["client", "domain", "hash", "protocol", "server", "testing", "text"];
/** What counts or changes something of the whole process. */
const PROCESS_WIDE = [
  "lib/hash/sha256.test.ts",
  "lib/server/{background,metrics,tracing}/**/*.test.ts",
  "lib/server/http/{cors,handle}.test.ts",
  "lib/server/**/*-process.test.ts",
];
const OTHERS = [`lib/!(${SHARING.join("|")})/**/*.test.ts`, "{workers,cli,sdk,ops,scripts,bench,contracts,examples}/**/*.test.ts"];

export default defineConfig({
  // `server-only` resolves to an empty module under this condition; without it every server test would refuse to load.
  ssr: { resolve: { conditions: ["react-server", "node"] } },
  test: {
    pool: "forks",
    // Tests wait for processes, databases and timers for a third of their time: one more than there are cores keeps those at work.
    maxWorkers: availableParallelism() + 1,
    // `npm run test:long` runs the same files with many more cases. The limits end what hangs; they promise no speed, so that a busy machine keeps them.
    testTimeout: process.env.SHOAL_TEST_LONG === "1" ? 900_000 : 90_000,
    hookTimeout: 120_000,
    // As browser stories are: with real processes and a busy machine a test is told a second time before it counts as broken, and listed as retried.
    retry: 1,
    projects: [
      { extends: true, test: { name: "shared", include: [`lib/{${SHARING.join(",")}}/**/*.test.ts`], exclude: PROCESS_WIDE, isolate: false } },
      { extends: true, test: { name: "own", include: [...OTHERS, ...PROCESS_WIDE] } },
    ],
    globalSetup: ["lib/testing/database/global-setup.ts"],
    setupFiles: ["lib/testing/property-runs.ts", "lib/testing/named-refusals.ts"],
  },
});
