import { decideVerdict, type Evidence, type Verdict } from "./decide-verdict.ts";

/** Digests of a shard's outputs that its owner's verifier has judged. */
export type Verified = { accepted: ReadonlySet<string>; rejected: ReadonlySet<string> };

/** A verifier judges outputs; that a program fails is for so many devices to say alike. */
const ALIKE_MIN = 2;

/**
 * Decides what a verifier and redundancy have shown about one shard.
 *
 * Input: at most one vote or machine failure per voter, and what the verifier said about their outputs.
 * Output: one accepted output decides (of several the smallest digest). Failures of the program decide when two voters report the same one, failures of machines as in `decideVerdict()`.
 * A rejected output, and a failure that nobody has confirmed, ask for one more replica each; with `replicasMax` votes and nothing accepted the shard fails. `toVerify` are the digests that the
 * verifier has not judged; while there are any, they may still decide.
 */
export function decideVerified(evidence: Evidence, verified: Verified, { replicasMax }: { replicasMax: number }): { verdict: Verdict; toVerify: string[] } {
  const outputs = evidence.votes.filter(({ outcome }) => outcome === "ok");
  const failures = evidence.votes.filter(({ outcome }) => outcome !== "ok");
  const [accepted] = outputs.filter(({ digest }) => verified.accepted.has(digest)).sort((a, b) => (a.digest < b.digest ? -1 : 1));
  if (accepted) return { verdict: { kind: "accepted", outcome: "ok", digest: accepted.digest, voterId: accepted.voterId }, toVerify: [] };
  const alike = decideVerdict({ votes: failures, machineFailures: outputs.length > 0 ? [] : evidence.machineFailures }, { quorum: ALIKE_MIN, replicasMax });
  if (alike.kind !== "open") return { verdict: alike, toVerify: [] };
  const toVerify = [...new Set(outputs.map(({ digest }) => digest))].filter((digest) => !verified.rejected.has(digest));
  if (toVerify.length === 0 && evidence.votes.length >= replicasMax) return { verdict: { kind: "failed", reason: "shard_rejected" }, toVerify };
  const rejected = outputs.filter(({ digest }) => verified.rejected.has(digest)).length;
  return { verdict: { kind: "open", extraReplicas: evidence.machineFailures.length + rejected + failures.length }, toVerify };
}
