/** Every reason for which a kernel is refused. */
export const KERNEL_PROBLEM_CODES = [
  "kernel_text",
  "kernel_syntax",
  "kernel_feature",
  "kernel_name",
  "kernel_types",
  "kernel_loops",
  "kernel_too_long",
  "kernel_entry",
  "kernel_bindings",
  "kernel_sizes",
] as const;
export type KernelProblemCode = (typeof KERNEL_PROBLEM_CODES)[number];

/** One reason for a refusal: what was found, and what the owner can do about it. */
export type KernelProblem = { code: KernelProblemCode; message: string; fix: string };

/** Ends the reading of a kernel at its first fault; caught where the inspection begins. */
export class KernelRefusal extends Error {
  override name = "KernelRefusal";
  readonly problem: KernelProblem;

  constructor(problem: KernelProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Refuses a kernel. */
export function refuseKernel(code: KernelProblemCode, message: string, fix: string): never {
  throw new KernelRefusal({ code, message, fix });
}
