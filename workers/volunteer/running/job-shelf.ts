import type { JobId, Sha256 } from "#lib/domain/ids.ts";
import type { JobManifest } from "#lib/protocol/exchange/exchange.ts";
import type { PrepareRequest } from "#workers/executor/executor-contract.ts";
import type { ArtifactRef, GetArtifact } from "../storage/artifact-source.ts";

/** Manifests kept beside those of held jobs. */
const MANIFESTS_MAX = 16;
/** Bytes of programs and files kept for executors that are still to be prepared; what held jobs need is kept beyond it. */
const ARTIFACT_BYTES_MAX = 512 * 1024 * 1024;

type Artifact = { bytes: Promise<Uint8Array>; size: number };

/** The jobs this device knows, with their programs and shared files: each fetched once, however many jobs and executors use it. */
export class JobShelf {
  readonly #getArtifact: GetArtifact;
  /** In the order of use, the latest last. */
  readonly #manifests = new Map<JobId, JobManifest>();
  readonly #artifacts = new Map<Sha256, Artifact>();

  constructor(getArtifact: GetArtifact) {
    this.#getArtifact = getArtifact;
  }

  put(manifest: JobManifest): void {
    this.#manifests.delete(manifest.jobId);
    this.#manifests.set(manifest.jobId, manifest);
  }

  find(jobId: JobId): JobManifest | null {
    return this.#manifests.get(jobId) ?? null;
  }

  /** Jobs the server need not describe again. */
  known(): JobId[] {
    return [...this.#manifests.keys()];
  }

  /** Everything an executor needs to prepare the job; fails when something cannot be fetched, and the next call tries again. */
  async load(jobId: JobId): Promise<PrepareRequest> {
    const manifest = this.#manifests.get(jobId);
    if (!manifest) throw new Error(`Nothing is known of ${jobId}.`);
    this.put(manifest);
    const [program, ...files] = await Promise.all([this.#bytes(manifest.program), ...manifest.files.map((file) => this.#bytes(file))]);
    return {
      jobId,
      programSha256: manifest.program.sha256,
      program: program ?? new Uint8Array(),
      kernel: manifest.kernel,
      memoryBytesMax: manifest.limits.memoryBytesMax,
      files: manifest.files.map(({ name, sha256 }, index) => ({ name, sha256, bytes: files[index] ?? new Uint8Array() })),
    };
  }

  /** Drops a job with its bytes, so that the server describes it anew when it grants it again: what was fetched was wrong, or its URL has expired. */
  forget(jobId: JobId): void {
    const manifest = this.#manifests.get(jobId);
    if (!manifest) return;
    this.#manifests.delete(jobId);
    for (const { sha256 } of [manifest.program, ...manifest.files]) this.#artifacts.delete(sha256);
  }

  /** Keeps within its bounds, the oldest first; what `isHeld` says is in use stays. */
  trim(isHeld: (jobId: JobId) => boolean): void {
    for (const jobId of this.#manifests.keys()) {
      if (this.#manifests.size <= MANIFESTS_MAX) break;
      if (!isHeld(jobId)) this.#manifests.delete(jobId);
    }
    const needed = new Set(
      [...this.#manifests.values()].filter((m) => isHeld(m.jobId)).flatMap((m) => [m.program.sha256, ...m.files.map((file) => file.sha256)]),
    );
    for (const sha256 of this.#artifacts.keys()) {
      if (this.#size() <= ARTIFACT_BYTES_MAX) break;
      if (!needed.has(sha256)) this.#artifacts.delete(sha256);
    }
  }

  async #bytes(ref: ArtifactRef): Promise<Uint8Array> {
    const known = this.#artifacts.get(ref.sha256);
    const artifact: Artifact = known ?? { bytes: this.#getArtifact(ref), size: 0 };
    this.#artifacts.delete(ref.sha256);
    this.#artifacts.set(ref.sha256, artifact);
    try {
      const bytes = await artifact.bytes;
      artifact.size = bytes.length;
      return bytes;
    } catch (error) {
      if (this.#artifacts.get(ref.sha256) === artifact) this.#artifacts.delete(ref.sha256);
      throw error;
    }
  }

  #size(): number {
    return [...this.#artifacts.values()].reduce((sum, artifact) => sum + artifact.size, 0);
  }
}
