import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTestDatabase } from "#lib/testing/database/open-test-database.ts";
import { measureProofs } from "./measure-proofs.ts";

test("the gateway answers with the proofs of a stored tree, each with its amount and a path to the root, also from below what is kept of a tree", async () => {
  const database = await openTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "shoal-proofs-"));
  try {
    const { proof, nothing } = await measureProofs(
      { withEmpty: (run) => run({ databaseUrl: database.url, folder }) },
      { leaves: 40_000, kind: "gateway", warmUp: 0, asked: 10 },
    );
    expect(proof.p99Ms).toBeGreaterThanOrEqual(proof.p50Ms);
    expect(nothing.p50Ms).toBeGreaterThan(0);
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
});
