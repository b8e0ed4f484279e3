import { refuseKernel } from "./kernel-problems.ts";
import { closingOf, type Token } from "./read-tokens.ts";

/** A loop by the indices of its tokens: from its keyword to the closing brace of its body. */
export type KernelLoop = { from: number; bodyFrom: number; to: number };
/** A function by the indices of its tokens; every range ends at its closing bracket. */
export type KernelFunction = {
  name: string;
  line: number;
  from: number;
  paramsFrom: number;
  paramsTo: number;
  bodyFrom: number;
  bodyTo: number;
  loops: KernelLoop[];
};

/** Directives that ask for what not every device has, or change what is an error. */
const DIRECTIVES = ["enable", "requires", "diagnostic"];
/** Overridable constants have no value until a pipeline is made, so that nothing could be checked. */
const REFUSED = [...DIRECTIVES, "override"];
const COUNT_MAX = 256;

/** All functions of a module in their order, with their loops. Refuses directives and overridable constants. */
export function readFunctions(tokens: readonly Token[]): KernelFunction[] {
  const functions: KernelFunction[] = [];
  let loops = 0;
  for (let index = 0; index < tokens.length; index++) {
    const { text, line } = tokens[index] as Token;
    if (REFUSED.includes(text))
      refuseKernel("kernel_feature", `The kernel uses “${text}” in line ${line}.`, "Leave it out: kernels use what every WebGPU device has.");
    if (text === "fn") {
      const found = readFunction(tokens, index);
      functions.push(found);
      loops += found.loops.length;
      if (functions.length > COUNT_MAX || loops > COUNT_MAX)
        refuseKernel("kernel_too_long", `The kernel has more than ${COUNT_MAX} functions or loops.`, "Write fewer.");
      index = found.bodyTo;
    } else if (text === "{" || text === "(") index = closingOf(tokens, index);
  }
  return functions;
}

function readFunction(tokens: readonly Token[], from: number): KernelFunction {
  const name = tokens[from + 1];
  if (name?.kind !== "name" || tokens[from + 2]?.text !== "(") malformed(tokens, from);
  const paramsTo = closingOf(tokens, from + 2);
  const bodyFrom = tokens.findIndex((token, index) => index > paramsTo && (token.text === "{" || token.text === "fn" || token.text === ";"));
  if (tokens[bodyFrom]?.text !== "{") malformed(tokens, from);
  const bodyTo = closingOf(tokens, bodyFrom);
  const loops: KernelLoop[] = [];
  for (let index = bodyFrom; index < bodyTo; index++) {
    const { text, line } = tokens[index] as Token;
    if (REFUSED.includes(text)) refuseKernel("kernel_feature", `The kernel uses “${text}” in line ${line}.`, "Leave it out.");
    if (text === "fn") malformed(tokens, index);
    if (text === "for" || text === "while" || text === "loop") loops.push(readLoop(tokens, index));
  }
  return { name: name.text, line: name.line, from, paramsFrom: from + 2, paramsTo, bodyFrom, bodyTo, loops };
}

function readLoop(tokens: readonly Token[], from: number): KernelLoop {
  const { text } = tokens[from] as Token;
  let bodyFrom = from + 1;
  if (text === "for") {
    if (tokens[bodyFrom]?.text !== "(") malformed(tokens, from);
    bodyFrom = closingOf(tokens, bodyFrom) + 1;
  }
  // An expression holds no brace, so that the next one begins the body.
  if (text === "while") while (bodyFrom < tokens.length && tokens[bodyFrom]?.text !== "{" && tokens[bodyFrom]?.text !== ";") bodyFrom++;
  if (tokens[bodyFrom]?.text !== "{") malformed(tokens, from);
  return { from, bodyFrom, to: closingOf(tokens, bodyFrom) };
}

function malformed(tokens: readonly Token[], index: number): never {
  return refuseKernel(
    "kernel_syntax",
    `Shoal cannot read “${tokens[index]?.text ?? ""}” in line ${tokens[index]?.line ?? 0}.`,
    "Write it in its plain form, without attributes.",
  );
}
