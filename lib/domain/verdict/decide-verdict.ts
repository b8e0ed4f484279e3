import { chooseMedoid, type DigestDistance } from "../compare/choose-medoid.ts";
import type { MachineOutcome, VotingOutcome } from "../replica/outcome.ts";

export type Vote = { voterId: string; outcome: VotingOutcome; digest: string };
export type MachineFailure = { voterId: string; outcome: MachineOutcome };
/** Everything reported about one shard in its present round. */
export type Evidence = { votes: readonly Vote[]; machineFailures: readonly MachineFailure[] };
/** `distance` is there where outputs need not be equal to agree: it tells how far the outputs of two digests are apart. */
export type VerdictRules = {
  quorum: number;
  replicasMax: number;
  distance?: DigestDistance | undefined;
  /** Whether passes bring the first `quorum` replicas, as they do in the first round of a shard; left out: yes. */
  hasPasses?: boolean;
};

/** A shard that ended this often because of the machine, on different devices, fails even if another device got through. */
export const MACHINE_FAILURES_MAX = 3;
/** And this often, at least, if no device got through. */
const MACHINE_FAILURES_ALONE_MAX = 2;

export type Verdict =
  | { kind: "accepted"; outcome: "ok"; digest: string; voterId: string }
  | { kind: "failed"; reason: "shard_failed_alike"; outcome: Exclude<VotingOutcome, "ok">; digest: string; voterId: string }
  | { kind: "failed"; reason: "shard_no_agreement" | "shard_rejected" }
  | { kind: "failed"; reason: "shard_machine_failures"; outcome: MachineOutcome }
  /** `extraReplicas` is how many replicas beyond one per pass this shard needs in all, counting those already asked for. */
  | { kind: "open"; extraReplicas: number };

/**
 * Decides what redundancy has shown about one shard.
 *
 * Input: at most one vote or machine failure per voter; order does not matter.
 * Output: `quorum` equal votes decide (of several groups the larger, then the smaller digest, so every process decides alike); agreed failures
 * of the program are verdicts too. With a distance, outputs close to one of them count for it (`chooseMedoid`), and that one is accepted. Without agreement the shard fails at `replicasMax` votes, at MACHINE_FAILURES_MAX machine failures, or when
 * every one of its passes (two devices at least) ended because of the machine: a program that never ends must not wait for ever faster devices.
 * A round without passes asks for all of its replicas. Until then each machine failure and each dissenting vote asks for one more replica, dissent only once the passes have brought `quorum` votes.
 */
export function decideVerdict(evidence: Evidence, rules: VerdictRules): Verdict {
  const { votes, machineFailures } = evidence;
  const leader = leadingGroup(votes, rules.distance);
  if (leader && leader.count >= rules.quorum) return agreed(leader.vote);
  if (votes.length >= rules.replicasMax) return { kind: "failed", reason: "shard_no_agreement" };
  const lastFailure = machineFailures.at(-1);
  const failuresMax = votes.length > 0 ? MACHINE_FAILURES_MAX : Math.min(MACHINE_FAILURES_MAX, Math.max(MACHINE_FAILURES_ALONE_MAX, rules.quorum));
  if (lastFailure && machineFailures.length >= failuresMax) return { kind: "failed", reason: "shard_machine_failures", outcome: lastFailure.outcome };
  const dissent = votes.length >= rules.quorum && leader ? votes.length - leader.count : 0;
  const missing = rules.hasPasses === false ? Math.max(0, rules.quorum - votes.length) : 0;
  return { kind: "open", extraReplicas: machineFailures.length + dissent + missing };
}

function agreed(vote: Vote): Verdict {
  const { outcome, digest, voterId } = vote;
  return outcome === "ok" ? { kind: "accepted", outcome, digest, voterId } : { kind: "failed", reason: "shard_failed_alike", outcome, digest, voterId };
}

type Group = { vote: Vote; count: number };

function leadingGroup(votes: readonly Vote[], distance: DigestDistance | undefined): Group | null {
  const equal = groupEqual(votes);
  const groups = distance ? gatherClose(equal, distance) : equal;
  let leader: Group | null = null;
  for (const group of groups) {
    if (!leader || group.count > leader.count || (group.count === leader.count && groupKey(group.vote) < groupKey(leader.vote))) leader = group;
  }
  return leader;
}

/** Equal votes together, under the voter with the smallest id. */
function groupEqual(votes: readonly Vote[]): Group[] {
  const groups = new Map<string, Group>();
  for (const vote of votes) {
    const key = groupKey(vote);
    const group = groups.get(key);
    if (!group) groups.set(key, { vote, count: 1 });
    else {
      group.count += 1;
      if (vote.voterId < group.vote.voterId) group.vote = vote;
    }
  }
  return [...groups.values()];
}

/** Of all outputs the medoid stays, with the votes of those close to it; failures of the program are no outputs and stay as they are. */
function gatherClose(groups: readonly Group[], distance: DigestDistance): Group[] {
  const outputs = groups.filter(({ vote }) => vote.outcome === "ok");
  const medoid = chooseMedoid(
    outputs.map(({ vote, count }) => ({ digest: vote.digest, votes: count })),
    distance,
  );
  const chosen = outputs.find(({ vote }) => vote.digest === medoid?.digest);
  return [...groups.filter(({ vote }) => vote.outcome !== "ok"), ...(chosen && medoid ? [{ vote: chosen.vote, count: medoid.votes }] : [])];
}

function groupKey(vote: Vote): string {
  return `${vote.outcome} ${vote.digest}`;
}
