import { afterAll, expect } from "vitest";
import { getProcessRecord } from "#lib/server/operations/process-record.ts";

/** Whatever a test file is about: every refusal that a door gave in it is one that the protocol names for that endpoint. */
afterAll(() => {
  expect(getProcessRecord().unnamed, "refusals that lib/protocol does not name").toEqual([]);
});
