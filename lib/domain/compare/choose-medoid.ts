/** Equal outputs, and how many voters gave them. */
export type Candidate = { digest: string; votes: number };
/** How far the outputs of two digests are apart: at most 1 is close. Symmetric; 0 for a digest and itself. */
export type DigestDistance = (a: string, b: string) => number;
export type Medoid = { digest: string /** Digests close to it, itself among them. */; agreeing: string[]; votes: number };

/**
 * The output that most voters are close to; of several the one whose farthest supporter is nearest, then the one with the smaller digest, so that every process
 * chooses alike. Closeness is not transitive: only closeness to the chosen output counts, and its bytes, never a mean, become the result. Null without candidates.
 */
export function chooseMedoid(candidates: readonly Candidate[], distance: DigestDistance): Medoid | null {
  let best: (Medoid & { radius: number }) | null = null;
  for (const { digest } of candidates) {
    const close = candidates.filter((other) => distance(digest, other.digest) <= 1);
    const votes = close.reduce((sum, other) => sum + other.votes, 0);
    const radius = Math.max(...close.map((other) => distance(digest, other.digest)));
    const found = { digest, agreeing: close.map((other) => other.digest), votes, radius };
    if (best === null || isBetter(found, best)) best = found;
  }
  return best && { digest: best.digest, agreeing: best.agreeing, votes: best.votes };
}

function isBetter(a: Medoid & { radius: number }, b: Medoid & { radius: number }): boolean {
  if (a.votes !== b.votes) return a.votes > b.votes;
  return a.radius !== b.radius ? a.radius < b.radius : a.digest < b.digest;
}
