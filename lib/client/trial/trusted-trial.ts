import { describeDifference } from "#lib/domain/compare/describe-difference.ts";
import { TRIAL_LIMITS } from "#lib/domain/errand/trial.ts";
import type { ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import { createTrial, getTrial } from "#lib/protocol/trials/trials.ts";
import { composeRun } from "#workers/volunteer/running/shard-work.ts";
import { api } from "../queries/api.ts";
import { sendOnce } from "../queries/submission/submit-job.ts";
import { readStdin } from "./read-stdin.ts";
import type { TrialOutcome, TrialShard, TrustedShard } from "./trial-outcome.ts";
import { trialTerms } from "./trial-terms.ts";
import type { TrialRequest } from "./use-trial.ts";

const POLL_EVERY_MS = 1000;

export type TrustedTrial = TrialRequest & {
  shards: readonly TrialShard[];
  signal: AbortSignal;
  onLook: (look: { isDeviceThere: boolean; compared: TrustedShard[] }) => void;
};

/** A shard reads more than is sent for a comparison. */
class TrialTooLarge extends Error {
  override name = "TrialTooLarge";
}

/**
 * Has a trusted device of the instance run the shards that this tab ran, and tells what of it is there, again and again until all of it is. Sends the program, the
 * shared files and what those shards read. Throws `TrialTooLarge`, or the instance's refusal.
 */
export async function runTrustedTrial(trial: TrustedTrial): Promise<void> {
  const { spec, form, shards, signal, onLook } = trial;
  await initSha256();
  const parts = trial.parts.filter(({ no }) => shards.some((shard) => shard.no === no));
  const runs = await Promise.all(parts.map(async (part) => toRun(spec, part, await readStdin(part, form.input))));
  if (!form.program) throw new Error("a trial without a program was not begun");
  const program = await sendOnce("program", form.program, { signal, onStep: () => undefined });
  const files: { name: string; artifact: { sha256: string } }[] = [];
  for (const { name, file } of form.files) files.push({ name, artifact: await sendOnce("file", file, { signal, onStep: () => undefined }) });
  const { trialId } = await api.call(createTrial, { program, files, limits: spec.limits, shards: runs }, { signal });
  for (;;) {
    const { isDeviceThere, shards: tried } = await api.call(getTrial, { trialId }, { signal });
    const compared = tried.flatMap((there) => {
      const here = shards.find(({ no }) => no === there.no);
      return here && there.ended ? [compare(here, { ...there, ended: there.ended })] : [];
    });
    onLook({ isDeviceThere, compared });
    if (compared.length === tried.length) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
    signal.throwIfAborted();
  }
}

function toRun(spec: TrialRequest["spec"], part: ShardPreview, stdin: Uint8Array<ArrayBuffer>) {
  if (stdin.length > TRIAL_LIMITS.inputBytesMax) throw new TrialTooLarge(`Shard ${part.no} reads more than ${TRIAL_LIMITS.inputBytesMax} bytes.`);
  const { args, seed } = composeRun(trialTerms(spec, part), part.no, stdin);
  return { no: part.no, args: [...args], seed: String(seed), stdin: toBase64(stdin) };
}

type There = OutputOf<typeof getTrial>["shards"][number];

/** Whether the trusted device ended as this tab did and wrote the same bytes; where not, in what they differ as far as it is known. */
function compare(here: TrialShard, { no, ended, outputSha256, output }: There & { ended: NonNullable<There["ended"]> }): TrustedShard {
  const [run] = here.runs;
  if (run.status !== "ok" || ended.outcome !== "ok") return { no, isSame: isSameEnd(run, ended), ended, difference: null };
  if (sha256Hex(run.output) === outputSha256) return { no, isSame: true, ended, difference: null };
  return { no, isSame: false, ended, difference: output === null ? null : describeDifference(run.output, fromBase64(output)) };
}

function isSameEnd(run: TrialOutcome, ended: NonNullable<There["ended"]>): boolean {
  if (run.status !== ended.outcome) return false;
  if (run.status === "exit_code") return run.exitCode === ended.exitCode;
  return run.status === "trap" ? run.trap === ended.trap : true;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
