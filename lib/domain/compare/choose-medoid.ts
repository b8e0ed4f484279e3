/** Equal outputs, and how many voters gave them. */
export type Candidate = { digest: string; votes: number };
/** How far the outputs of two digests are apart: at most 1 is close. Symmetric; 0 for a digest and itself. */
export type DigestDistance = (a: string, b: string) => number;
export type Medoid = { digest: string /** Digests that are close to each other, the chosen one among them. */; agreeing: string[]; votes: number };

/** Groups are looked for among all subsets, so that there may not be many; a shard has at most nine replicas. */
const CANDIDATES_MAX = 12;

/**
 * The canonical output of the largest group in which every output is close to every other. Closeness is not transitive: counting all that are close to one in the
 * middle would let a chain of shifted outputs pass as one group. Of the group the medoid is chosen, whose farthest member is nearest, never a mean; ties go to
 * the smaller digest, so that every process chooses alike. Null without candidates; of more than twelve those with the most votes are looked at.
 */
export function chooseMedoid(candidates: readonly Candidate[], distance: DigestDistance): Medoid | null {
  const looked = candidates.toSorted((a, b) => b.votes - a.votes || (a.digest < b.digest ? -1 : 1)).slice(0, CANDIDATES_MAX);
  let best: (Medoid & { radius: number }) | null = null;
  for (const group of closeGroups(looked, distance)) {
    const found = medoidOf(group, distance);
    if (found && (best === null || isBetter(found, best))) best = found;
  }
  return best && { digest: best.digest, agreeing: best.agreeing, votes: best.votes };
}

/** Every non-empty subset whose members are close to each other, grown one member at a time. */
function closeGroups(candidates: readonly Candidate[], distance: DigestDistance): Candidate[][] {
  const groups: Candidate[][] = [];
  for (const next of candidates) {
    const grown = groups.filter((group) => group.every((member) => distance(member.digest, next.digest) <= 1)).map((group) => [...group, next]);
    groups.push([next], ...grown);
  }
  return groups;
}

function medoidOf(group: readonly Candidate[], distance: DigestDistance): (Medoid & { radius: number }) | null {
  const votes = group.reduce((sum, member) => sum + member.votes, 0);
  const agreeing = group.map((member) => member.digest).sort();
  let best: (Medoid & { radius: number }) | null = null;
  for (const digest of agreeing) {
    const found = { digest, agreeing, votes, radius: Math.max(...agreeing.map((other) => distance(digest, other))) };
    if (best === null || isBetter(found, best)) best = found;
  }
  return best;
}

function isBetter(a: Medoid & { radius: number }, b: Medoid & { radius: number }): boolean {
  if (a.votes !== b.votes) return a.votes > b.votes;
  return a.radius !== b.radius ? a.radius < b.radius : a.digest < b.digest;
}
