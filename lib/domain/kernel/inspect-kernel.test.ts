import { describe, expect, test } from "vitest";
import { reflectKernel } from "#lib/wgsl/reflect-kernel.ts";
import { inspectKernel, type KernelJob } from "./inspect-kernel.ts";
import { KERNEL_LIMITS, type KernelManifest } from "./kernel-manifest.ts";

const HEAD = `struct Params { seed: u32, scale: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
`;
const MAIN = "@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u)";
const MANIFEST: KernelManifest = {
  bindings: [
    { kind: "params", binding: 0, fields: ["u32", "f32"] },
    { kind: "output", binding: 1, bytes: 1024, elements: "u32" },
  ],
  passes: [{ entryPoint: "main", workgroups: 4, in: "every" }],
  rounds: 1,
  loopIterationsMax: 1000,
};
const JOB: KernelJob = { argumentCount: 2, fileNames: [], hasInput: false, limits: { memoryBytesMax: 2 ** 20, outputBytesMax: 4096 } };

const inspect = (source: string, change: { manifest?: Partial<KernelManifest>; job?: Partial<KernelJob> } = {}) =>
  inspectKernel(source, { ...MANIFEST, ...change.manifest }, { job: { ...JOB, ...change.job }, reflect: reflectKernel });
const kernel = (body: string, before = "") => `${HEAD}${before}${MAIN} {\n${body}\n}`;
function codeOf(source: string): string {
  const inspected = inspect(source);
  if (!inspected.ok) throw new Error(`${inspected.problem.message} ${inspected.problem.fix}`);
  return inspected.kernel.code;
}
function problemOf(source: string, change: Parameters<typeof inspect>[1] = {}): string {
  const inspected = inspect(source, change);
  return inspected.ok ? "accepted" : `${inspected.problem.code}: ${inspected.problem.message}`;
}

describe("the loop budget", () => {
  test.each([
    ["for", "for (var i = 0u; i < 10u; i++) { result[i] = i; }", "for (var i = 0u; i < 10u; i++) { if shoal_spent() { break; } result[i] = i; }"],
    ["for without parts", "for (;;) { }", "for (;;) { if shoal_spent() { break; } }"],
    ["while", "while result[0] < 3u { result[0]++; }", "while result[0] < 3u { if shoal_spent() { break; } result[0]++; }"],
    ["while in parentheses", "while(true){result[0]++;}", "while(true){ if shoal_spent() { break; }result[0]++;}"],
    ["loop", "loop { break; continuing { result[0]++; } }", "loop { if shoal_spent() { break; } break; continuing { result[0]++; } }"],
    ["loop behind a comment", "loop /* { */ { break; } // loop {", "loop   { if shoal_spent() { break; } break; }  "],
  ])("begins the body of every loop: %s", (_, body, bounded) => {
    expect(codeOf(kernel(body))).toContain(`\n${bounded}\n`);
  });

  test("is in every loop of every function, nested ones too", () => {
    const source = kernel("for (;;) { loop { while true { f(); } } }", "fn f() { for (;;) { if true { loop { break; } } } }\n");
    expect(codeOf(source).match(/if shoal_spent\(\) \{ break; \}/g)).toHaveLength(5);
    expect(codeOf(source)).toContain("var<private> shoal_left: u32 = 1000u;");
  });

  test("keeps the lines of the owner's file, whatever comments they hold", () => {
    const source = kernel("/* one\n/* two\n*/ three */ result[0] = 1u; // four\nresult[1] = 2u;");
    const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split("\n").length;
    expect(lineOf(codeOf(source), "result[1] = 2u")).toBe(lineOf(source, "result[1] = 2u"));
  });

  test("a part of a pass sees the ids of the whole", () => {
    const source = `${HEAD}@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) at: u32, @builtin(num_workgroups) all: vec3<u32>) { result[group.x] = at + all.x; }`;
    const code = codeOf(source);
    expect(code).toContain(
      "@builtin(workgroup_id) shoal_raw_group: vec3<u32>, @builtin(local_invocation_index) at: u32, @builtin(num_workgroups) shoal_raw_all",
    );
    expect(code).toContain("{ let group = shoal_workgroup(shoal_raw_group); let all = shoal_count(shoal_raw_all); result[group.x]");
  });
});

describe("what cannot be bounded is refused", () => {
  const doubling = Array.from({ length: 40 }, (_, i) => `fn f${i + 1}() { f${i}(); f${i}(); }`).join("\n");
  test.each<[string, string, RegExp]>([
    ["recursion", kernel("f();", "fn f() { g(); }\nfn g() { f(); }\n"), /kernel_loops: The function f calls itself/],
    ["functions that double each other", kernel("f40();", `fn f0() { result[0]++; }\n${doubling}\n`), /kernel_too_long/],
    ["a barrier in a loop", kernel("for (;;) { workgroupBarrier(); }"), /kernel_loops: A loop in line 5 holds a barrier/],
    ["a barrier in a function that a loop calls", kernel("loop { f(); break; }", "fn f() { storageBarrier(); }\n"), /holds a barrier/],
    ["a loop that hides behind a number", kernel("var a = 1ufor(;;){}"), /kernel_text: A number runs into a name/],
    ["a loop behind a separator that ends comments", kernel("// \u2028 for (;;) { }"), /kernel_text: The character U\+2028/],
    ["a character no lexer agrees on", kernel("result[0] = 1u;\0"), /U\+0000/],
    ["names beyond ASCII", kernel("var f\u00f8r = 1u;"), /U\+00F8/],
    ["an open comment", kernel("/* /* */ result[0] = 1u;"), /has no end/],
    ["a name of ours", kernel("shoal_left = 5u;"), /kernel_name: The name shoal_left/],
    ["another meaning for u32", kernel("", "alias u32 = i32;\n"), /gives u32 a meaning of its own/],
    ["another atomicStore", kernel("", "fn atomicStore(a: i32, b: i32) { }\n"), /gives atomicStore/],
    ["a private variable called vec3", kernel("", "var<private> vec3: f32;\n"), /gives vec3/],
    ["features", `enable f16;\n${kernel("")}`, /kernel_feature: The kernel uses “enable”/],
    ["constants without a value", kernel("", "override n: u32;\n"), /“override”/],
    ["an attribute between a loop and its body", kernel("for (;;) @diagnostic(off, derivative_uniformity) { }"), /kernel_syntax|kernel_feature/],
    ["a loop without a body", kernel("while true;"), /kernel_syntax/],
    ["brackets that cross", kernel("for (;;) { result[0) = 1u; ]"), /closes nothing/],
    ["an array as long as memory", kernel("var a: array<u32, 100000000>; result[0] = a[id.x];"), /kernel_types: A type in line 5 has 400000000 bytes/],
    ["arrays of arrays", kernel("var a: array<array<array<u32, 64>, 64>, 64>;"), /kernel_types/],
    ["structs that double each other", kernel("var a: S9;", structs()), /kernel_types/],
    ["a length that is computed", kernel("var a: array<u32, N>;", "const N = 2u << 20u;\n"), /not a plain number/],
    ["arrays that take their type from their values", kernel("let a = array(1u, 2u); let b = array(a, a, a, a);"), /has no written type/],
    ["many large variables", kernel(Array.from({ length: 60 }, (_, i) => `var a${i}: array<u32, 1000>;`).join("\n")), /are too many/],
    ["members that are larger than their type", kernel("", "struct S { @size(100000000) a: u32 }\n"), /has an attribute/],
    ["a workgroup in two dimensions", kernel("").replace("size(64)", "size(8, 8)"), /kernel_entry: main is not a compute entry point/],
    ["a workgroup that is too large", kernel("").replace("size(64)", "size(1024)"), /kernel_entry/],
    ["an entry point that is called", kernel("", "fn f() { main(vec3u(1)); }\n"), /is called by a function/],
    ["an entry point with a struct of builtins", `${HEAD}struct In { a: u32 }\n@compute @workgroup_size(64) fn main(in: In) { }`, /cannot read the parameters/],
    [
      "builtins that not every device has",
      `${HEAD}@compute @workgroup_size(64) fn main(@builtin(subgroup_size) n: u32) { }`,
      /asks for the builtin subgroup_size/,
    ],
  ])("%s", (_, source, words) => {
    expect(problemOf(source)).toMatch(words);
  });

  test("the whole budget of a workgroup, not only that of an invocation", () => {
    const body = `for (;;) { ${"result[0]++; ".repeat(40)} }`;
    expect(problemOf(kernel(body), { manifest: { loopIterationsMax: 2 ** 24 } })).toMatch(/kernel_too_long: A workgroup of main/);
    expect(problemOf(kernel(body), { manifest: { loopIterationsMax: 2 ** 13 } })).toBe("accepted");
  });

  test("products of matrices cost more than their few words", () => {
    const change = { manifest: { loopIterationsMax: 2 ** 17 } };
    expect(problemOf(kernel("var m = vec4f(); loop { m = m * m * m; }"), change)).toBe("accepted");
    expect(problemOf(kernel("var m = mat4x4f(); loop { m = m * m * m; }"), change)).toMatch(/kernel_too_long/);
  });

  test("copies of large values cost more than their few words", () => {
    const body = "var a: array<u32, 512>; var b = a; for (;;) { a = b; }";
    expect(problemOf(kernel(body), { manifest: { loopIterationsMax: 2 ** 18 } })).toMatch(/kernel_too_long/);
    expect(problemOf(kernel("var a = 1u; var b = a; for (;;) { a = b; }"), { manifest: { loopIterationsMax: 2 ** 18 } })).toBe("accepted");
  });

  function structs(): string {
    const first = "struct S0 { a: vec4f, b: vec4f }\n";
    return first + Array.from({ length: 12 }, (_, i) => `struct S${i + 1} { a: S${i}, b: S${i}, c: S${i} }\n`).join("");
  }
});

describe("the manifest and the kernel name the same things", () => {
  const output = { kind: "output" as const, binding: 1, bytes: 1024, elements: "u32" as const };
  const params = { kind: "params" as const, binding: 0, fields: ["u32" as const, "f32" as const] };
  test.each<[string, Parameters<typeof inspect>[1] & object, RegExp]>([
    [
      "a binding that the kernel lacks",
      { manifest: { bindings: [params, output, { kind: "scratch", binding: 2, bytes: 4 }] } },
      /binding 2, which the kernel does not declare/,
    ],
    ["a resource that the manifest lacks", { manifest: { bindings: [output] }, job: { argumentCount: 0 } }, /declares params at binding 0/],
    [
      "another kind",
      { manifest: { bindings: [{ kind: "scratch", binding: 0, bytes: 4 }, output] }, job: { argumentCount: 0 } },
      /params at binding 0 is scratch/,
    ],
    ["other parameters", { manifest: { bindings: [{ ...params, fields: ["u32", "u32"] }, output] } }, /u32, f32 in the kernel and u32, u32/],
    ["two bindings of one number", { manifest: { bindings: [params, { ...output, binding: 0 }] } }, /same number/],
    ["no output", { manifest: { bindings: [params, { kind: "scratch", binding: 1, bytes: 4 }] } }, /no output/],
    ["too few arguments", { job: { argumentCount: 1 } }, /take 2 arguments; program.args has 1/],
    ["an input that the job does not have", { manifest: { bindings: [params, output, { kind: "input", binding: 2 }] } }, /binds an input/],
    ["an input that the kernel ignores", { job: { hasInput: true } }, /does not bind/],
    ["a file that the job does not have", { manifest: { bindings: [params, output, { kind: "file", binding: 2, name: "a.bin" }] } }, /the file a.bin/],
    ["an entry point that is not there", { manifest: { passes: [{ entryPoint: "other", workgroups: 1, in: "every" }] } }, /no function other/],
    ["half a word", { manifest: { bindings: [params, { ...output, bytes: 1022 }] } }, /no multiple of 4/],
    ["more output than the job allows", { manifest: { bindings: [params, { ...output, bytes: 8192 }] } }, /limits.outputBytesMax is 4096/],
    ["more memory than the job allows", { manifest: { bindings: [params, { ...output, bytes: 2 ** 21 }] } }, /limits.memoryBytesMax/],
    ["more runs than anybody waits for", { manifest: { rounds: KERNEL_LIMITS.runsMax, passes: [MANIFEST.passes, MANIFEST.passes].flat() } }, /200000 runs/],
  ])("%s", (_, change, words) => {
    expect(problemOf(kernel("result[id.x] = params.seed;"), change)).toMatch(words);
  });

  test("a resource of another group, or two at one place", () => {
    expect(problemOf(`${kernel("")}\n@group(2) @binding(0) var<storage, read_write> b: array<u32>;`)).toMatch(/b is not in group 0/);
    expect(problemOf(`${kernel("")}\n@group(1) @binding(0) var<storage, read_write> b: array<u32>;`)).toMatch(/not in group 0/);
    expect(problemOf(`${kernel("")}\n@group(0) @binding(1) var<storage, read_write> b: array<u32>;`)).toMatch(/same binding/);
  });

  test("textures and samplers", () => {
    expect(problemOf(`${kernel("")}\n@group(0) @binding(2) var t: texture_2d<f32>;`)).toMatch(/binding 2/);
  });
});

test("text that is no WGSL, or nested until parsers fall over, is refused and never thrown", () => {
  expect(problemOf(kernel("this is not wgsl at all;"))).toMatch(/kernel_syntax: The kernel cannot be parsed/);
  expect(problemOf(kernel(`result[0] = ${"(".repeat(12_000)}1u${")".repeat(12_000)};`))).toMatch(/kernel_syntax/);
  expect(problemOf("")).toMatch(/kernel_entry/);
  expect(problemOf("x".repeat(KERNEL_LIMITS.sourceBytesMax + 1))).toMatch(/kernel_text/);
});
