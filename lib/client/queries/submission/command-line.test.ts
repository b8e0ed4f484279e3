import fc from "fast-check";
import { expect, test } from "vitest";
import { joinCommandLine, splitCommandLine } from "./command-line.ts";

test("any arguments survive being written and read", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (args) => {
      expect(splitCommandLine(joinCommandLine(args))).toEqual({ ok: true, args });
    }),
    { seed: 1 },
  );
});

test("splits as a shell does", () => {
  expect(splitCommandLine(`  --database /data/x.fasta "a b"'c'\\ d --shard={shard}  '' `)).toEqual({
    ok: true,
    args: ["--database", "/data/x.fasta", "a bc d", "--shard={shard}", ""],
  });
});

test.each(["'open", '"open', "a \\"])("says that %s is not closed", (text) => {
  expect(splitCommandLine(text)).toEqual({ ok: false, problem: "quote_open" });
});
