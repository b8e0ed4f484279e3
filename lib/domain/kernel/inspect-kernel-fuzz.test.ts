import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { splitmix64 } from "#lib/domain/program/seed.ts";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { reflectKernel } from "#lib/wgsl/reflect-kernel.ts";
import { inspectKernel, type KernelJob } from "./inspect-kernel.ts";
import type { KernelManifest } from "./kernel-manifest.ts";
import { readTokens, type Token } from "./read-tokens.ts";

/*
 * The examples' kernels, changed along the grammar of WGSL. Whatever comes of it is read or refused, and what is accepted is bounded: no loop without its budget,
 * nothing of what is forbidden.
 */
const EXAMPLES = ["nbody-gpu", "mandelbrot-gpu"];
const ROUNDS = atSize(500, 60_000);
const ROOT = join(import.meta.dirname, "..", "..", "..", "examples");

type Example = { name: string; source: string; manifest: KernelManifest; job: KernelJob };
const examples: Example[] = EXAMPLES.map((name) => {
  const spec = jobFile.parse(JSON.parse(readFileSync(join(ROOT, name, "job.json"), "utf8")));
  const { kernel, args } = spec.program;
  if (!kernel) throw new Error(`${name} has no kernel`);
  const job = { argumentCount: args.length, fileNames: spec.files.map((file) => file.name), hasInput: spec.input !== undefined, limits: spec.limits };
  return { name, source: readFileSync(join(ROOT, name, `${name}.wgsl`), "utf8"), manifest: kernel, job };
});

type Draw = (below: number) => number;
function drawFrom(salt: number): Draw {
  let at = 0n;
  return (below) => Number(splitmix64(BigInt(TEST_SEED) + (BigInt(salt) << 32n), at++) % BigInt(below));
}

const inspect = (source: string, { manifest, job }: Example) => inspectKernel(source, manifest, { job, reflect: reflectKernel });
const textOf = (tokens: readonly Token[]) => tokens.map(({ space, text }) => space + text).join("");
const linesOf = (source: string) => readTokens(source).tokens;

/** Statements that may stand wherever a statement may, each with something that has to be bounded or refused. */
const LOOPS = ["loop { }", "for (;;) { }", "while true { }", "for (var q = 0u; ; q++) { loop { continue; } }", "loop { continuing { break if false; } }"];
const REFUSED = [
  ["kernel_name", "var shoal_left = 1u;"],
  ["kernel_name", "let u32 = 1;"],
  ["kernel_loops", "loop { workgroupBarrier(); break; }"],
  ["kernel_types", "var big: array<u32, 400000000>;"],
  ["kernel_types", "let pair = array(1u, 2u);"],
  ["kernel_text", "var a = 1ufor(;;){}"],
  ["kernel_text", "// \u2028 loop { }"],
] as const;
const HEADS = [
  "enable f16;",
  "enable subgroups;",
  "requires readonly_and_readwrite_storage_textures;",
  "diagnostic(off, derivative_uniformity);",
  "override n: u32;",
];

test.each(examples.map((example) => [example.name, example] as const))("%s with tokens lost, doubled, swapped or taken from elsewhere", (_, example) => {
  const draw = drawFrom(1);
  const original = linesOf(example.source);
  const seen = { accepted: 0, refused: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const tokens = [...original];
    for (let change = 0; change <= draw(3); change += 1) changeTokens(tokens, draw);
    const inspected = inspect(textOf(tokens), example);
    if (!inspected.ok) seen.refused += 1;
    else {
      seen.accepted += 1;
      expectBounded(inspected.kernel.code);
    }
  }
  expect(seen.refused).toBeGreaterThan(0);
  expect(seen.accepted).toBeGreaterThan(0);
});

test.each(examples.map((example) => [example.name, example] as const))("%s with a loop at any place for a statement is bounded or refused", (_, example) => {
  const draw = drawFrom(2);
  const places = statementPlaces(linesOf(example.source));
  let accepted = 0;
  for (let round = 0; round < ROUNDS / 4; round += 1) {
    const inspected = inspect(insert(example.source, { at: places[draw(places.length)] ?? 0, text: LOOPS[draw(LOOPS.length)] ?? "" }), example);
    if (!inspected.ok) expect(["kernel_too_long", "kernel_loops", "kernel_syntax"]).toContain(inspected.problem.code);
    else {
      accepted += 1;
      expectBounded(inspected.kernel.code);
    }
  }
  expect(accepted).toBeGreaterThan(0);
});

test.each(examples.map((example) => [example.name, example] as const))("%s with something forbidden at any place for it is refused", (_, example) => {
  const draw = drawFrom(3);
  const places = statementPlaces(linesOf(example.source));
  for (let round = 0; round < ROUNDS / 4; round += 1) {
    const [code, text] = REFUSED[draw(REFUSED.length)] ?? REFUSED[0];
    const inspected = inspect(insert(example.source, { at: places[draw(places.length)] ?? 0, text }), example);
    expect(inspected.ok ? `accepted with ${text}` : inspected.problem.code, text).toBe(code);
  }
  for (const head of HEADS) expect(inspect(`${head}\n${example.source}`, example), head).toMatchObject({ ok: false });
});

function changeTokens(tokens: Token[], draw: Draw): void {
  const at = draw(tokens.length);
  const other = draw(tokens.length);
  const [token, far] = [tokens[at], tokens[other]];
  if (!token || !far) return;
  const how = draw(5);
  if (how === 0) tokens.splice(at, 1);
  else if (how === 1) tokens.splice(at, 0, token);
  else if (how === 2) [tokens[at], tokens[other]] = [far, token];
  else if (how === 3) tokens[at] = { ...far, space: token.space };
  else tokens.splice(at, 0, ...tokens.slice(other, other + 1 + draw(12)));
}

/** Where a statement may begin inside a function: behind a brace or a semicolon, and not inside parentheses. */
function statementPlaces(tokens: readonly Token[]): number[] {
  const places: number[] = [];
  const open: string[] = [];
  let declares = "";
  for (const [index, { text }] of tokens.entries()) {
    if (open.length === 0 && ["fn", "struct"].includes(text)) declares = text;
    if ("({".includes(text)) open.push(text);
    if (")}".includes(text)) open.pop();
    const isInside = declares === "fn" && open.length > 0 && !open.includes("(");
    if (isInside && "{;".includes(text)) places.push(index + 1);
  }
  return places;
}

function insert(source: string, { at, text }: { at: number; text: string }): string {
  const tokens = linesOf(source);
  return `${textOf(tokens.slice(0, at))}\n${text}\n${textOf(tokens.slice(at))}`;
}

/** Every loop of the code begins with its budget. The parser is another one than the one that put the budget there: the words of the code, without a notion of functions. */
function expectBounded(code: string): void {
  const words = code.replace(/\s+/g, " ");
  const loops = words.match(/\b(?:loop|while|for)\b/g)?.length ?? 0;
  const budgets = words.match(/\{ ?if shoal_spent\(\) \{ break; \}/g)?.length ?? 0;
  expect(budgets, words).toBe(loops);
}
