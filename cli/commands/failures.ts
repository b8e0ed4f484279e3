import type { FailureGroups } from "#lib/protocol/jobs/insight.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";
import { readJobId } from "./watch.ts";

/** Prints the failed shards of a job, those that failed alike together, each group with what its first shard wrote to stderr. */
export const failuresCommand: Command = async (args, terminal) => {
  const { values, named } = readOptions(args, { ...OWNER_OPTIONS, json: { type: "boolean" } }, ["JOB"]);
  const jobId = readJobId(named[0]);
  const found = await (await connectOwner(values, terminal)).job(jobId).failures({ signal: terminal.interrupt });
  if (values.json) {
    terminal.print(JSON.stringify(found));
    return 0;
  }
  for (const group of found.groups) terminal.print(describeGroup(group));
  if (found.groups.length === 0) terminal.tell("No shard of this job has failed.");
  else
    terminal.tell(
      `${found.looked} failed ${found.looked === 1 ? "shard was" : "shards were"} looked at. “shoal rerun ${jobId}” computes them again once the job has ended.`,
    );
  return 0;
};

type Group = FailureGroups["groups"][number];

function describeGroup(group: Group): string {
  const { count, shards, stderr } = group;
  const others = count > shards.length ? ", …" : "";
  const head = `${count} ${count === 1 ? "shard" : "shards"}  ${describeEnd(group)}  no. ${shards.join(", ")}${others}`;
  return [head, ...(stderr ? plainLines(stderr).map((line) => `    ${line}`) : [])].join("\n");
}

function describeEnd({ reason, outcome, exitCode, trap }: Group): string {
  const detail = exitCode ?? trap;
  if (outcome && outcome !== "ok") return detail === null ? outcome : `${outcome} ${detail}`;
  return reason?.message ?? "failed";
}

/** Lines of a log that a stranger's machine sent, without what would steer the terminal: a control character is shown by its number. */
function plainLines(log: string): string[] {
  return log
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.replace(/(?!\t)\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`));
}
