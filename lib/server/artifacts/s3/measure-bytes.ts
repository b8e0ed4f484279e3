import "server-only";
import { createHash } from "node:crypto";
import type { Sha256 } from "#lib/domain/ids.ts";

type Refusal = { ok: false; reason: "too_large" } | { ok: false; reason: "digest_mismatch"; got: Sha256 };

/** Ends an upload whose bytes may not be stored, before anything of it can be seen; carries what the caller is told. */
export class RefusedBytes extends Error {
  override name = "RefusedBytes";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** What has gone through `measured()` so far; `sha256` once all of it has, `fault` once its source has broken off or was refused. */
export type Measure = { bytes: number; sha256: Sha256 | null; fault: unknown };

/** Passes the bytes on, counting and hashing them. Throws `RefusedBytes` as soon as there are too many, or at their end for others than expected. */
export async function* measured(
  source: AsyncIterable<Uint8Array>,
  { bytesMax, expected }: { bytesMax: number; expected?: Sha256 },
  measure: Measure,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of source) {
      measure.bytes += chunk.byteLength;
      if (measure.bytes > bytesMax) throw new RefusedBytes({ ok: false, reason: "too_large" });
      hash.update(chunk);
      yield chunk;
    }
    measure.sha256 = hash.digest("hex");
    if (expected !== undefined && measure.sha256 !== expected) throw new RefusedBytes({ ok: false, reason: "digest_mismatch", got: measure.sha256 });
  } catch (error) {
    measure.fault = error;
    throw error;
  }
}
