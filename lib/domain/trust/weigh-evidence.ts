import type { AssuranceRules } from "./assurance.ts";
import type { DeviceTrust } from "./device-trust.ts";

/** A vote on a shard; `group` is equal for equal answers. */
export type Witness = { group: string; clusterId: string; trust: DeviceTrust; isTrusted: boolean };

export type Weighed = { kind: "accepted"; group: string; credibility: number; witnesses: number } | { kind: "open"; moreReplicas: number; credibility: number };

/** The chance that an unknown device's answer is wrong, as 0.2 wrong answers among 2 imagined ones. */
const PRIOR_WRONG = 0.2;
const PRIOR_COUNT = 2;

/** No history makes one device more credible than this; together with `witnessesMin` it keeps one device from deciding alone. */
const DOUBT_MIN = 1e-3;

/** How likely an answer of the device is wrong: (0.2 + strikes) ÷ (2 + agreed + strikes), at least 1e-3. Falls with agreements, rises with strikes. */
export function doubtOf(trust: DeviceTrust): number {
  if (trust.stage !== "active") return 1;
  return Math.max(DOUBT_MIN, (PRIOR_WRONG + trust.strikes) / (PRIOR_COUNT + trust.agreed + trust.strikes));
}

/**
 * Weighs the answers to one shard. A group's weight is the product of its members' odds p ÷ (1 − p) of being right, each cluster counted once by its
 * strongest member; its credibility is W ÷ (1 + ΣW) over all groups. A group is accepted that has `witnessesMin` clusters with `witnessAgreedMin` agreements
 * each and `credibilityMin`. A trusted device's answer settles the shard by itself. Order does not matter.
 *
 * Source: L. F. G. Sarmenta, "Sabotage-tolerance mechanisms for volunteer computing systems" (2002).
 */
export function weighEvidence(votes: readonly Witness[], rules: AssuranceRules): Weighed {
  const settled = votes.find((vote) => vote.isTrusted);
  if (settled) return { kind: "accepted", group: settled.group, credibility: 1, witnesses: 1 };
  const groups = groupsOf(votes, rules.witnessAgreedMin);
  const total = groups.reduce((sum, group) => sum + group.weight, 1);
  const [leader] = groups.toSorted((a, b) => b.weight - a.weight || (a.group < b.group ? -1 : 1));
  if (!leader) return { kind: "open", moreReplicas: rules.witnessesMin, credibility: 0 };
  const credibility = leader.weight / total;
  if (leader.witnesses >= rules.witnessesMin && credibility >= rules.credibilityMin)
    return { kind: "accepted", group: leader.group, credibility, witnesses: leader.witnesses };
  return { kind: "open", moreReplicas: Math.max(1, rules.witnessesMin - leader.witnesses), credibility };
}

type Group = { group: string; weight: number; witnesses: number };

function groupsOf(votes: readonly Witness[], agreedMin: number): Group[] {
  const oddsByGroup = new Map<string, Map<string, number>>();
  for (const vote of votes) {
    if (vote.trust.stage !== "active" || vote.trust.agreed < agreedMin) continue;
    const doubt = doubtOf(vote.trust);
    const clusters = oddsByGroup.get(vote.group) ?? new Map<string, number>();
    clusters.set(vote.clusterId, Math.max(clusters.get(vote.clusterId) ?? 0, (1 - doubt) / doubt));
    oddsByGroup.set(vote.group, clusters);
  }
  return [...oddsByGroup].map(([group, clusters]) => ({ group, witnesses: clusters.size, weight: [...clusters.values()].reduce((a, b) => a * b, 1) }));
}
