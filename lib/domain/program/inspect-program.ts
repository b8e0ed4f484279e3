import { type Inspection, inspectWasm } from "./inspect-wasm.ts";
import { invalidProblem } from "./program-problems.ts";

/**
 * What `inspectWasm` says of a module, and beside it whether an engine takes it: types, stack heights, indices and the limits that all engines share are left to
 * the validator of the one that runs this. Never throws; time and memory grow with the number of bytes, nothing of the module is run or made to run.
 */
export async function inspectProgram(bytes: Uint8Array, memoryBytesMax: number | null): Promise<Inspection> {
  const inspection = inspectWasm(bytes, memoryBytesMax);
  // No program lies in memory that threads share.
  const module = bytes as Uint8Array<ArrayBuffer>;
  if (inspection.problems.length > 0 || WebAssembly.validate(module)) return inspection;
  return { ...inspection, problems: [invalidProblem(await reasonAgainst(module))] };
}

/** Why the engine takes it for invalid, in its own words, which name the function and the byte; compiling ends where validation does. */
async function reasonAgainst(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await WebAssembly.compile(bytes);
    return "no reason given";
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^WebAssembly\.\w+\(\): /, "");
  }
}
