import "server-only";
import { ERRAND_LIMITS, type ErrandRun, type Piece } from "#lib/domain/errand/errand.ts";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { shardSeed } from "#lib/domain/program/seed.ts";
import { shardValues } from "#lib/domain/slicing/shard-values.ts";
import type { Services } from "../context.ts";
import { locateShards } from "../exchange/granting/locate-shards.ts";
import type { JobFacts } from "../exchange/job-snapshot.ts";

/** What every program that is run about a shard gets: its arguments filled in, its environment and seed, the job's files, and where the shard's input lies. */
export type ShardParts = Pick<ErrandRun, "args" | "env" | "seed" | "files"> & { input: Piece[] };

/** The parts of a run about one shard, with the arguments of the program that is to run. */
export async function locateParts(services: Services, facts: JobFacts, of: { no: number; args: readonly string[] }): Promise<ShardParts> {
  const { spec } = facts;
  const { no, args } = of;
  const input = await locateInput(services, facts, no);
  const seed = shardSeed(BigInt(spec.seed), no);
  const values = shardValues(spec.slicing, no, { bytes: input.bytes, file: input.file });
  const filled = fillArguments(args, { shard: String(no), seed: String(seed), ...values });
  if (!filled.ok) throw new Error(filled.problem.message);
  return {
    args: filled.args,
    env: { SHOAL_SHARD: String(no), SHOAL_SEED: String(seed) },
    seed: String(seed),
    files: spec.files.map(({ name, artifact }) => ({ name, pieces: [{ sha256: artifact.sha256, start: 0, end: Number.MAX_SAFE_INTEGER }] })),
    input: input.pieces,
  };
}

/** A shard of a job as volunteers' devices run it, but with an output that fits into a report. */
export async function composeShard(services: Services, facts: JobFacts, no: number): Promise<ErrandRun> {
  const { program, limits } = facts.spec;
  const { input, ...parts } = await locateParts(services, facts, { no, args: program.args });
  return {
    ...parts,
    program: program.artifact.sha256,
    stdin: input,
    limits: { ...limits, outputBytesMax: Math.min(limits.outputBytesMax, ERRAND_LIMITS.outputBytesMax) },
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
