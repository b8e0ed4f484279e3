export type StoredArtifact = { sha256: string; bytes: number; usedAtMs: number };

/** Bounds of the programs and files that a device keeps between its runs. */
export const STORED_ARTIFACTS = { countMax: 128, bytesMax: 512 * 1024 * 1024 } as const;

/** Which stored artifacts have to go so that the rest is within the bounds: those that were used longest ago. */
export function chooseEvictions(stored: readonly StoredArtifact[], bounds: { countMax: number; bytesMax: number } = STORED_ARTIFACTS): string[] {
  const evicted: string[] = [];
  let count = stored.length;
  let bytes = stored.reduce((sum, artifact) => sum + artifact.bytes, 0);
  for (const artifact of stored.toSorted((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (count <= bounds.countMax && bytes <= bounds.bytesMax) break;
    evicted.push(artifact.sha256);
    count--;
    bytes -= artifact.bytes;
  }
  return evicted;
}
