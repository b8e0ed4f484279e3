import { MEMBER_ROLES, type MemberRole } from "#lib/domain/job/job-role.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import { type Command, UsageError } from "../terminal.ts";
import { readJobId } from "./watch.ts";

/** Lists whom the owner let in to a job; with `--let` lets somebody in or changes their role, with `--remove` takes that back. */
export const membersCommand: Command = async (args, terminal) => {
  const own = { let: { type: "string" }, role: { type: "string" }, remove: { type: "string" }, json: { type: "boolean" } } as const;
  const { values, named } = readOptions(args, { ...OWNER_OPTIONS, ...own }, ["JOB"]);
  if (values.let !== undefined && values.remove !== undefined) throw new UsageError("Give one of --let and --remove.");
  if (values.role !== undefined && values.let === undefined) throw new UsageError("--role goes with --let only.");
  const jobId = readJobId(named[0]);
  const wish = values.let === undefined ? null : { address: values.let, role: readRole(values.role) };
  const job = (await connectOwner(values, terminal)).job(jobId);
  const signal = terminal.interrupt;
  const said = wish
    ? await job.setMember(wish, { signal })
    : values.remove === undefined
      ? await job.members({ signal })
      : await job.removeMember(values.remove, { signal });
  if (values.json) terminal.print(JSON.stringify(said.members));
  else for (const { address, role, addedAt } of said.members) terminal.print(`${address}  ${role.padEnd(6)}  since ${addedAt.slice(0, 10)}`);
  if (said.members.length === 0 && !values.json) terminal.tell("Nobody but you sees this job. “shoal members JOB --let ADDRESS” lets somebody in.");
  return 0;
};

/** What somebody may do; the lesser of the two unless said. */
function readRole(text = "view"): MemberRole {
  const role = MEMBER_ROLES.find((known) => known === text);
  if (!role) throw new UsageError(`--role must be one of ${MEMBER_ROLES.join(", ")}, not “${text}”.`);
  return role;
}
