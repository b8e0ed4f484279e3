import { WHOLE_BPS } from "#lib/domain/ledger/stakes.ts";
import type { JobFunders } from "#lib/protocol/jobs/funders.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions, readTotal } from "../read-options.ts";
import { type Command, type Terminal, UsageError } from "../terminal.ts";
import { readJobId } from "./watch.ts";

const JSON_OPTION = { json: { type: "boolean" } } as const;

/** Says who funds a job; with `--let` names somebody who may put money in, with `--remove` takes back that they may. */
export const fundersCommand: Command = async (args, terminal) => {
  const options = { ...OWNER_OPTIONS, ...JSON_OPTION, let: { type: "string" }, share: { type: "string" }, remove: { type: "string" } } as const;
  const { values, named } = readOptions(args, options, ["JOB"]);
  if (values.let !== undefined && values.remove !== undefined) throw new UsageError("Give one of --let and --remove.");
  const jobId = readJobId(named[0]);
  const wish = values.let === undefined ? null : { address: values.let, shareBps: readShare(values.share) };
  const job = (await connectOwner(values, terminal)).job(jobId);
  const signal = terminal.interrupt;
  const said = wish ? await job.setFunder(wish, { signal }) : values.remove ? await job.removeFunder(values.remove, { signal }) : await job.funders({ signal });
  say(said, values.json, terminal);
  return 0;
};

/** Puts money of one's own into somebody's job, up to a total. */
export const contributeCommand: Command = async (args, terminal) => {
  const options = { ...OWNER_OPTIONS, ...JSON_OPTION, total: { type: "string" }, share: { type: "string" } } as const;
  const { values, named } = readOptions(args, options, ["JOB"]);
  const jobId = readJobId(named[0]);
  const wish = { putMicro: readTotal(values.total, "what you are to have put in"), shareBps: readShare(values.share) };
  say(await (await connectOwner(values, terminal)).job(jobId).contribute(wish, { signal: terminal.interrupt }), values.json, terminal);
  return 0;
};

/** A share in per cent, with at most two digits after the point, in hundredths of a per cent. */
function readShare(text: string | undefined): number {
  const bps = /^\d{1,3}(\.\d{1,2})?$/.test(text ?? "") ? Math.round(Number(text) * 100) : WHOLE_BPS + 1;
  if (bps > WHOLE_BPS)
    throw new UsageError("--share must be the share of what is returned, in per cent from 0 to 100, with at most two digits after the point.");
  return bps;
}

function say({ funders }: JobFunders, isJson: boolean | undefined, terminal: Terminal): void {
  if (isJson) terminal.print(JSON.stringify(funders));
  else
    for (const { address, isOwner, isYou, shareBps, putMicro, returnedMicro, returnableMicro } of funders)
      terminal.print(
        `${address ?? "-"}${isOwner ? " (owner)" : ""}${isYou ? " (you)" : ""}: ${shareBps / 100} % of what is returned; put in ${putMicro}, got back ${returnedMicro}, would get ${returnableMicro} if it ended now`,
      );
}
