import { OfflineError } from "#lib/client/api/api.ts";
import { ApiError, ERROR_CODES } from "#lib/protocol/errors.ts";
import { cancelJob, pauseJob, raiseBudget, rerunFailed, resumeJob } from "./commands/change-job.ts";
import { devicesCommand } from "./commands/devices.ts";
import { failuresCommand } from "./commands/failures.ts";
import { contributeCommand, fundersCommand } from "./commands/funders.ts";
import { guardian } from "./commands/guardian.ts";
import { inspectProgram } from "./commands/inspect.ts";
import { listJobsCommand } from "./commands/jobs.ts";
import { listKeysCommand, login, logout } from "./commands/login.ts";
import { membersCommand } from "./commands/members.ts";
import { publishJob, unpublishJob } from "./commands/publish.ts";
import { resultsCommand } from "./commands/results.ts";
import { runJob } from "./commands/run.ts";
import { submitJob } from "./commands/submit.ts";
import { volunteer } from "./commands/volunteer.ts";
import { watchJob } from "./commands/watch.ts";
import { EXIT } from "./exit-codes.ts";
import { HELP } from "./help.ts";
import { type Command, type Terminal, UsageError } from "./terminal.ts";

const COMMANDS: Record<string, Command> = {
  run: runJob,
  submit: submitJob,
  jobs: listJobsCommand,
  watch: watchJob,
  results: resultsCommand,
  pause: pauseJob,
  resume: resumeJob,
  cancel: cancelJob,
  rerun: rerunFailed,
  failures: failuresCommand,
  budget: raiseBudget,
  members: membersCommand,
  publish: publishJob,
  unpublish: unpublishJob,
  funders: fundersCommand,
  contribute: contributeCommand,
  inspect: inspectProgram,
  login,
  logout,
  keys: listKeysCommand,
  devices: devicesCommand,
  volunteer,
  guardian,
};

/** Runs one command line; the result is the exit code. */
export async function main(args: string[], terminal: Terminal): Promise<number> {
  const [name = "help", ...rest] = args;
  const own = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : undefined);
  if (name === "help" || name === "--help" || name === "-h" || own.includes("--help")) {
    terminal.print(HELP);
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    terminal.tell(`There is no command “${name}”. The commands are: ${Object.keys(COMMANDS).join(", ")}. “shoal help” explains them.`);
    return EXIT.usage;
  }
  try {
    return await command(rest, terminal);
  } catch (error) {
    return explain(error, terminal, own.includes("--json"));
  }
}

/** Says what went wrong in words; what an instance refused, to a program that asked for JSON, as the instance said it. */
function explain(error: unknown, terminal: Terminal, isJson: boolean): number {
  if (error instanceof UsageError) {
    terminal.tell(isJson && error.wrong ? asJson(new ApiError("bad_request", error.wrong)) : error.message);
    return EXIT.usage;
  }
  // Whatever fails after Ctrl-C fails because of it.
  if (terminal.interrupt.aborted) return EXIT.interrupted;
  if (error instanceof ApiError && isJson) terminal.tell(asJson(error));
  else if (error instanceof ApiError) terminal.tell(`${error.message} ${ERROR_CODES[error.code].help}`);
  else if (error instanceof OfflineError) terminal.tell(`${error.message} Is it running? --server URL names another one.`);
  else terminal.tell(error instanceof Error ? error.message : String(error));
  return EXIT.failed;
}

function asJson({ code, params, message }: ApiError): string {
  return JSON.stringify({ error: { code, params, message } });
}
