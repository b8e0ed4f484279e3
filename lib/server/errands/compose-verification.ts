import "server-only";
import { type ErrandRun, type Piece, VERIFIER_FILES, type VerifyPart } from "#lib/domain/errand/errand.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { shardSeed } from "#lib/domain/program/seed.ts";
import { shardValues } from "#lib/domain/slicing/shard-values.ts";
import type { Services } from "../context.ts";
import { locateShards } from "../exchange/granting/locate-shards.ts";
import type { JobFacts } from "../exchange/job-snapshot.ts";
import { findInlineOutput } from "./errand-store.ts";

/** What a verifier prints is its log. */
const VERIFIER_OUTPUT_BYTES_MAX = 1024 * 1024;

/** The run of a job's verifier over one reported output: the output on stdin, and beside the job's files what the shard was given and what came of it. */
export async function composeVerification(services: Services, facts: JobFacts, part: VerifyPart): Promise<ErrandRun> {
  const { spec, jobId } = facts;
  const { verifier } = spec.verification;
  if (!verifier) throw new Error(`${jobId} has no verifier`);
  const { shardNo, round, digest } = part;
  const input = await locateInput(services, facts, shardNo);
  const inline = await findInlineOutput(services.db, { jobId, no: shardNo, round, digest });
  const output: Piece[] = [inline === null ? { sha256: digest, start: 0, end: (await services.blobs.size(digest)) ?? 0 } : { base64: inline }];
  const seed = shardSeed(BigInt(spec.seed), shardNo);
  const values = shardValues(spec.slicing, shardNo, { bytes: input.bytes, file: input.file });
  const filled = fillArguments(verifier.args, { shard: String(shardNo), seed: String(seed), ...values });
  if (!filled.ok) throw new Error(filled.problem.message);
  const files = spec.files.map(({ name, artifact }) => ({ name, pieces: [{ sha256: artifact.sha256, start: 0, end: Number.MAX_SAFE_INTEGER }] }));
  return {
    program: verifier.artifact.sha256,
    args: filled.args,
    env: { SHOAL_SHARD: String(shardNo), SHOAL_SEED: String(seed) },
    seed: String(seed),
    stdin: output,
    files: [...files, { name: VERIFIER_FILES.input, pieces: input.pieces }, { name: VERIFIER_FILES.output, pieces: output }],
    limits: {
      timeMsMax: spec.limits.timeMsMax,
      memoryBytesMax: spec.limits.memoryBytesMax,
      outputBytesMax: Math.min(VERIFIER_OUTPUT_BYTES_MAX, JOB_LIMITS.outputBytesMax),
    },
  };
}

type ShardInput = { pieces: Piece[]; bytes: number; file: string | undefined };

/** Where a shard's input lies, as its device reads it: with csv the header comes first. */
async function locateInput(services: Services, facts: JobFacts, no: number): Promise<ShardInput> {
  const located = await locateShards(services.blobs, facts, { fromNo: no, toNo: no + 1 });
  if (!located) return { pieces: [], bytes: 0, file: undefined };
  const { sha256, places } = located;
  const [start = 0, end = 0] = places.offsets;
  const headerBytes = places.headerBytes ?? 0;
  const header: Piece[] = headerBytes > 0 ? [{ sha256, start: 0, end: headerBytes }] : [];
  return { pieces: [...header, { sha256, start, end }], bytes: headerBytes + end - start, file: places.names?.[0] };
}
