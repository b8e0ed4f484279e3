import { KERNEL_LIMITS, type KernelManifest } from "./kernel-manifest.ts";
import { refuseKernel } from "./kernel-problems.ts";
import { checkSteps, invocationSteps, measureSteps } from "./measure-steps.ts";
import { measureValues } from "./measure-values.ts";
import { type KernelFunction, readFunctions } from "./read-functions.ts";
import { closingOf, readTokens, type Token, type TokenList } from "./read-tokens.ts";

/** Names that the injected code uses; a kernel that gives them another meaning is refused. */
const TAKEN_NAMES = ["u32", "bool", "vec3", "atomic", "atomicStore"];
const PREFIX = "shoal_";
const DECLARING = ["alias", "struct", "fn", "const", "let"];
/** Builtins of an entry point that say where an invocation stands in the whole pass, and what makes them so in a part of it. */
const SHIFTED = new Map([
  ["global_invocation_id", "shoal_global"],
  ["workgroup_id", "shoal_workgroup"],
  ["num_workgroups", "shoal_count"],
]);
const UNSHIFTED = ["local_invocation_id", "local_invocation_index"];

/** An entry point that can be dispatched in parts. */
export type BoundEntry = { name: string; workgroupSize: number /** Steps that one workgroup can take at most. */; workgroupSteps: number };
/** A kernel that ends: the source to be compiled, and what its entry points may cost. */
export type BoundKernel = { code: string; entries: BoundEntry[] };

/**
 * Rewrites a kernel so that every loop takes from one iteration budget of its invocation, and so that a part of a pass sees the ids of the whole.
 * The code is put together from the tokens that were read; line numbers stay. Beside group 0 it then has group 1: the frame (uniform: first workgroup, first
 * invocation, workgroups) at binding 0 and the status (storage: 1 when a budget ran out) at binding 1. Throws a `KernelRefusal` for what cannot be bounded.
 */
export function boundKernel(source: string, manifest: KernelManifest): BoundKernel {
  const list = readTokens(source);
  const { tokens } = list;
  checkNames(tokens);
  const functions = readFunctions(tokens);
  const largestValueBytes = measureValues(tokens);
  const steps = measureSteps(tokens, functions);
  const insertions = new Map<number, string>();
  for (const { bodyFrom } of functions.flatMap((found) => found.loops)) insertions.set(bodyFrom, " if shoal_spent() { break; }");
  const names = [...new Set(manifest.passes.map((pass) => pass.entryPoint))];
  const renamed = new Map<number, string>();
  const entries = names.map((name): BoundEntry => {
    const found = functions.find((candidate) => candidate.name === name);
    const cost = steps.get(name);
    if (found === undefined || cost === undefined)
      return refuseKernel("kernel_entry", `The kernel has no function ${name}, which the manifest names.`, "Check program.kernel.passes.");
    if (tokens.some((token, index) => token.text === name && tokens[index + 1]?.text === "(" && tokens[index - 1]?.text !== "fn"))
      refuseKernel(
        "kernel_entry",
        `The entry point ${name} is called by a function.`,
        "Entry points cannot be called; move what they share into another function.",
      );
    const workgroupSize = readWorkgroupSize(tokens, found);
    const invocation = invocationSteps(cost, { loopIterationsMax: manifest.loopIterationsMax, largestValueBytes });
    checkSteps({ name, workgroupInvocations: workgroupSize, steps: cost, invocation });
    insertions.set(found.bodyFrom, shiftBuiltins(tokens, found, renamed));
    return { name, workgroupSize, workgroupSteps: invocation * workgroupSize };
  });
  return { code: `${assemble(list, insertions, renamed)}\n${prelude(manifest.loopIterationsMax)}`, entries };
}

function checkNames(tokens: readonly Token[]): void {
  for (const [index, { text, kind, line }] of tokens.entries()) {
    if (kind !== "name") continue;
    if (text.startsWith(PREFIX))
      refuseKernel("kernel_name", `The name ${text} in line ${line} begins with ${PREFIX}.`, "Rename it: Shoal adds names of its own.");
    const isDeclared = TAKEN_NAMES.includes(text) && (DECLARING.includes(tokens[index - 1]?.text ?? "") || isVariable(tokens, index));
    if (isDeclared) refuseKernel("kernel_name", `The kernel gives ${text} a meaning of its own in line ${line}.`, "Rename it.");
  }
}

/** Whether the name stands where a variable is declared: after `var`, or after `var<…>`. */
function isVariable(tokens: readonly Token[], index: number): boolean {
  let at = index - 1;
  if (tokens[at]?.text === ">") while (at > 0 && tokens[at]?.text !== "<") at--;
  return tokens[at]?.text === "var" || tokens[at - 1]?.text === "var";
}

/** The number of invocations in `@workgroup_size`, of which only the first dimension may be above 1. */
function readWorkgroupSize(tokens: readonly Token[], found: KernelFunction): number {
  const attributes: string[] = [];
  let size: number | null = null;
  for (let at = found.from - 1; at >= 0 && tokens[at]?.text !== "}" && tokens[at]?.text !== ";"; at--)
    if (tokens[at]?.text === "@") attributes.push(tokens[at + 1]?.text ?? "");
  const at = tokens.findLastIndex((token, index) => index < found.from && token.text === "workgroup_size");
  if (attributes.includes("compute") && attributes.includes("workgroup_size")) {
    const inside = tokens.slice(at + 2, closingOf(tokens, at + 1)).map((token) => token.text);
    const isFlat = inside.length === 1 || /^,1[iu]?(,1[iu]?)?,?$/.test(inside.slice(1).join(""));
    if (isFlat && /^[0-9]+[iu]?$/.test(inside[0] ?? "")) size = Number.parseInt(inside[0] ?? "", 10);
  }
  if (size === null || size < 1 || size > KERNEL_LIMITS.workgroupSizeMax)
    return refuseKernel(
      "kernel_entry",
      `${found.name} is not a compute entry point with a workgroup size from 1 to ${KERNEL_LIMITS.workgroupSizeMax} in one dimension.`,
      `Write @compute @workgroup_size(64) before fn ${found.name}.`,
    );
  return size;
}

/** Renames the parameters that hold shifted builtins, and returns the declarations that give their names the ids of the whole pass. */
function shiftBuiltins(tokens: readonly Token[], found: KernelFunction, renamed: Map<number, string>): string {
  let declarations = "";
  let at = found.paramsFrom + 1;
  while (at < found.paramsTo) {
    const [sign, builtin, open, name, close] = tokens.slice(at, at + 5).map((token) => token.text);
    const param = tokens[at + 5];
    if (sign !== "@" || builtin !== "builtin" || open !== "(" || close !== ")" || name === undefined || param?.kind !== "name" || tokens[at + 6]?.text !== ":")
      return refuseKernel("kernel_entry", `Shoal cannot read the parameters of ${found.name}.`, "Write each as @builtin(name) parameter: type.");
    const shift = SHIFTED.get(name);
    if (shift === undefined && !UNSHIFTED.includes(name))
      refuseKernel("kernel_entry", `${found.name} asks for the builtin ${name}.`, `Kernels have ${[...SHIFTED.keys(), ...UNSHIFTED].join(", ")}.`);
    if (shift !== undefined) {
      renamed.set(at + 5, `${PREFIX}raw_${param.text}`);
      declarations += ` let ${param.text} = ${shift}(${PREFIX}raw_${param.text});`;
    }
    at += 7;
    while (at < found.paramsTo && tokens[at]?.text !== ",") at++;
    at++;
  }
  return declarations;
}

function assemble({ tokens, tail }: TokenList, insertions: ReadonlyMap<number, string>, renamed: ReadonlyMap<number, string>): string {
  return tokens.map(({ space, text }, index) => `${space}${renamed.get(index) ?? text}${insertions.get(index) ?? ""}`).join("") + tail;
}

function prelude(loopIterationsMax: number): string {
  return `struct shoal_Frame { first_workgroup: u32, first_invocation: u32, workgroups: u32, reserved: u32 }
struct shoal_Status { exhausted: atomic<u32> }
@group(1) @binding(0) var<uniform> shoal_frame: shoal_Frame;
@group(1) @binding(1) var<storage, read_write> shoal_status: shoal_Status;
var<private> shoal_left: u32 = ${loopIterationsMax}u;
fn shoal_spent() -> bool {
  if shoal_left == 0u { atomicStore(&shoal_status.exhausted, 1u); return true; }
  shoal_left = shoal_left - 1u;
  return false;
}
fn shoal_global(raw: vec3<u32>) -> vec3<u32> { return vec3<u32>(raw.x + shoal_frame.first_invocation, raw.y, raw.z); }
fn shoal_workgroup(raw: vec3<u32>) -> vec3<u32> { return vec3<u32>(raw.x + shoal_frame.first_workgroup, raw.y, raw.z); }
fn shoal_count(raw: vec3<u32>) -> vec3<u32> { return vec3<u32>(shoal_frame.workgroups, raw.y, raw.z); }
`;
}
