import { KERNEL_LIMITS } from "./kernel-manifest.ts";
import { refuseKernel } from "./kernel-problems.ts";
import type { KernelFunction } from "./read-functions.ts";
import type { Token } from "./read-tokens.ts";

/** What one entry point can cost: all its calls written out, and the longest iteration of any loop it reaches. */
export type Steps = { expanded: number; iteration: number };

const BARRIERS = ["workgroupBarrier", "storageBarrier", "textureBarrier", "workgroupUniformLoad"];

/**
 * Measures functions in tokens. A call counts as the whole of the function it calls, so that functions that double each other are seen as what they cost.
 * Refuses recursion, and barriers inside loops: there the iteration budget could part invocations that have to meet.
 */
export function measureSteps(tokens: readonly Token[], functions: readonly KernelFunction[]): Map<string, Steps> {
  const byName = new Map(functions.map((found) => [found.name, found]));
  if (byName.size !== functions.length) refuseKernel("kernel_name", "Two functions have the same name.", "Give each its own.");
  const measured = new Map<string, Steps & { hasBarrier: boolean }>();
  const open = new Set<string>();
  const cost = (from: number, to: number): { tokens: number; iteration: number; hasBarrier: boolean } => {
    const sum = { tokens: to - from + 1, iteration: 0, hasBarrier: false };
    for (let index = from; index < to; index++) {
      const { text, kind } = tokens[index] as Token;
      if (BARRIERS.includes(text)) sum.hasBarrier = true;
      const callee = kind === "name" ? byName.get(text) : undefined;
      if (callee === undefined || tokens[index + 1]?.text !== "(" || tokens[index - 1]?.text === "fn") continue;
      const called = measure(callee);
      sum.tokens += called.expanded;
      sum.iteration = Math.max(sum.iteration, called.iteration);
      sum.hasBarrier ||= called.hasBarrier;
    }
    return sum;
  };
  const measure = (found: KernelFunction): Steps & { hasBarrier: boolean } => {
    const known = measured.get(found.name);
    if (known !== undefined) return known;
    if (open.has(found.name)) refuseKernel("kernel_loops", `The function ${found.name} calls itself.`, "WGSL has no recursion; use a loop.");
    open.add(found.name);
    const whole = cost(found.bodyFrom, found.bodyTo);
    let { iteration } = whole;
    for (const loop of found.loops) {
      const region = cost(loop.from, loop.to);
      if (region.hasBarrier)
        refuseKernel("kernel_loops", `A loop in line ${tokens[loop.from]?.line ?? 0} holds a barrier.`, "Make it passes and rounds of the manifest instead.");
      iteration = Math.max(iteration, region.tokens);
    }
    open.delete(found.name);
    const steps = { expanded: whole.tokens, iteration, hasBarrier: whole.hasBarrier };
    measured.set(found.name, steps);
    return steps;
  };
  for (const found of functions) measure(found);
  return measured;
}

/** Steps that one invocation can take at most: everything once, and the longest iteration as often as the budget allows; copies of large values weigh more. */
export function invocationSteps(steps: Steps, kernel: { loopIterationsMax: number; largestValueBytes: number }): number {
  const weight = Math.max(1, Math.ceil(kernel.largestValueBytes / 64));
  return weight * (steps.expanded + kernel.loopIterationsMax * steps.iteration);
}

/** Refuses an entry point whose workgroup could keep a GPU busy for too long: nothing can interrupt a workgroup. */
export function checkSteps(entry: { name: string; workgroupInvocations: number; steps: Steps; invocation: number }): void {
  const { name, workgroupInvocations, steps, invocation } = entry;
  if (steps.expanded > KERNEL_LIMITS.expandedTokensMax)
    refuseKernel(
      "kernel_too_long",
      `With every call written out, ${name} has ${steps.expanded} tokens; ${KERNEL_LIMITS.expandedTokensMax} are allowed.`,
      "Let fewer functions call each other.",
    );
  if (invocation > KERNEL_LIMITS.invocationStepsMax || invocation * workgroupInvocations > KERNEL_LIMITS.workgroupStepsMax)
    refuseKernel(
      "kernel_too_long",
      `A workgroup of ${name} could take ${invocation} steps in each of its ${workgroupInvocations} invocations; ${KERNEL_LIMITS.invocationStepsMax} and ${KERNEL_LIMITS.workgroupStepsMax} in all are allowed.`,
      "Lower loopIterationsMax, shorten the longest loop, take a smaller workgroup, or spread the work over rounds.",
    );
}
