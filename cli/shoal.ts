#!/usr/bin/env node
import { OfflineError } from "#lib/client/api/api.ts";
import { ApiError, ERROR_CODES } from "#lib/protocol/errors.ts";
import { listJobsCommand } from "./commands/jobs.ts";
import { downloadResults } from "./commands/results.ts";
import { submitJob } from "./commands/submit.ts";
import { volunteer } from "./commands/volunteer.ts";
import { watchJob } from "./commands/watch.ts";
import { HELP } from "./help.ts";
import { openTerminal } from "./open-terminal.ts";
import { type Command, type Terminal, UsageError } from "./terminal.ts";

const COMMANDS: Record<string, Command> = { volunteer, submit: submitJob, watch: watchJob, results: downloadResults, jobs: listJobsCommand };

/** Runs one command line; the result is the exit code: 0 done, 1 it could not be done, 2 it was not understood. */
async function main(args: string[], terminal: Terminal): Promise<number> {
  const [name = "help", ...rest] = args;
  if (name === "help" || name === "--help" || name === "-h" || rest.includes("--help")) {
    terminal.print(HELP);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    terminal.tell(`There is no command “${name}”. The commands are: ${Object.keys(COMMANDS).join(", ")}. “shoal help” explains them.`);
    return 2;
  }
  try {
    return await command(rest, terminal);
  } catch (error) {
    return explain(error, terminal);
  }
}

function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.tell(error.message);
    return 2;
  }
  if (error instanceof ApiError) terminal.tell(`${error.message} ${ERROR_CODES[error.code].help}`);
  else if (error instanceof OfflineError) terminal.tell(`${error.message} Is it running? --server URL names another one.`);
  else if (terminal.interrupt.aborted) return 130;
  else terminal.tell(error instanceof Error ? error.message : String(error));
  return 1;
}

process.exitCode = await main(process.argv.slice(2), openTerminal(process));
