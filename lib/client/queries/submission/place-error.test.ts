import { expect, test } from "vitest";
import { ApiError, type ErrorCode, type ErrorParams } from "#lib/protocol/errors.ts";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { createWords } from "#lib/text/words.ts";
import { placeError, UploadError } from "./place-error.ts";

const words = createWords("en", CATALOGUES.en);

test.each<[ErrorCode, ErrorParams, ReturnType<typeof placeError>]>([
  ["bad_request", { field: "slicing.to", problem: "must be above slicing.from" }, { field: "to", problem: "Must be above slicing.from." }],
  ["bad_request", { field: "(body)", problem: "it must be a JSON object" }, { field: null, problem: "(body): it must be a JSON object." }],
  ["program_refused", { problem: "It has no _start." }, { field: "program", problem: "The program cannot run here: It has no _start." }],
  [
    "arguments_refused",
    { problem: "program.args.0: {x} is unknown" },
    { field: "args", problem: "The arguments are not right: program.args.0: {x} is unknown." },
  ],
  ["input_malformed", { format: "FASTA", line: 3, problem: "no header" }, { field: "input", problem: "The input is not FASTA: line 3: no header." }],
  ["shards_too_many", { count: 20_000_000, limit: 10_000_000 }, { field: "linesPerShard", problem: expect.stringContaining("10,000,000") }],
  ["funds_short", { need: "2000000", have: "0" }, { field: "price", problem: expect.stringContaining("reserves 2 and you have 0") }],
  ["artifact_missing", { field: "files.0.artifact" }, { field: "files", problem: expect.stringContaining("uploaded again") }],
  ["too_large", { what: "All files together", limit: 1024 }, { field: "files", problem: expect.stringContaining("1 KiB") }],
  [
    "text_changed",
    { document: "terms", want: "2026-02-02", got: "2026-01-01" },
    { field: "isConfirmed", problem: expect.stringContaining("version 2026-02-02") },
  ],
  ["chain_unknown", { chainId: "10", chains: "1, 8453" }, { field: "chain", problem: expect.stringContaining("1, 8453") }],
  ["internal", { reference: "abc" }, { field: null, problem: expect.stringContaining("abc") }],
])("%s %j stands where it can be corrected", (code, params, expected) => {
  expect(placeError(new ApiError(code, params), "lines", words)).toEqual(expected);
});

test("a refused upload stands at its part; a lost connection at none", () => {
  expect(placeError(new UploadError("program", new ApiError("digest_mismatch", { got: "a", want: "b" })), "lines", words).field).toBe("program");
  expect(placeError(new UploadError("input", new TypeError("lost")), "lines", words).field).toBeNull();
});
