import { findArgumentProblem } from "#lib/domain/program/argv.ts";
import { ApiError } from "../errors.ts";

type Problem = { code: string; message: string; fix: string };

/** Throws `program_refused` with every problem and its fix, after where the program stands; not where there is none. */
export function refuseProgram(problems: readonly Problem[], where = ""): void {
  if (problems.length === 0) return;
  throw new ApiError("program_refused", {
    problem: where + problems.map(({ message, fix }) => `${message} ${fix}`).join(" "),
    problems: problems.map(({ code }) => code).join(","),
  });
}

/** Throws `arguments_refused` for the first of a program's arguments that these placeholders cannot fill; `field` names the program in the job. */
export function refuseArguments(args: readonly string[], placeholders: readonly string[], field: string): void {
  const problem = findArgumentProblem(args, placeholders);
  if (!problem) return;
  const wrong = `${field}.args.${problem.argumentIndex}`;
  throw new ApiError("arguments_refused", { problem: `${wrong}: ${problem.message.replace(/\.$/, "")}`, field: wrong });
}
