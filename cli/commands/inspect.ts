import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { inspectProgram as inspectBytes } from "#lib/domain/program/inspect-program.ts";
import { EXIT } from "../exit-codes.ts";
import { checkFile } from "../job/read-job-file.ts";
import { readNumber, readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";

const MEBI = 1024 * 1024;
const MEMORY_BOUNDS = { min: 1, max: 2048 };

/** Says what a program needs and, with the way out, why an instance would refuse it: 0 when it would run. */
export const inspectProgram: Command = async (args, terminal) => {
  const { values, named } = readOptions(args, { "memory-mib": { type: "string" }, json: { type: "boolean" } }, ["PROGRAM"]);
  const path = resolve(named[0] ?? "");
  await checkFile(path, "PROGRAM");
  const memoryMib = readNumber("memory-mib", values["memory-mib"], MEMORY_BOUNDS);
  const found = await inspectBytes(new Uint8Array(await readFile(path)), memoryMib === undefined ? null : memoryMib * MEBI);
  if (values.json) terminal.print(JSON.stringify(found));
  else {
    terminal.print(`size      ${found.sizeBytes} bytes`);
    terminal.print(`imports   ${found.imports.join(", ") || "none"}`);
    terminal.print(`memory    ${found.memory ? JSON.stringify(found.memory) : "none"}`);
    terminal.print(`features  ${found.features.join(", ") || "none"}`);
    terminal.print(`built by  ${found.producers.join(", ") || "not said"}`);
    for (const { message, fix } of found.problems) terminal.print(`refused   ${message} ${fix}`);
    if (found.problems.length === 0) terminal.print("It runs here.");
  }
  return found.problems.length === 0 ? EXIT.done : EXIT.failed;
};
