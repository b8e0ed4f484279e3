import "server-only";
import { type ErrandRun, type Piece, REDUCER_FILES, REDUCER_LIMITS, type ReducePart } from "#lib/domain/errand/errand.ts";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { createConcat } from "#lib/domain/reduce/concat.ts";
import type { Services } from "../context.ts";
import type { JobFacts } from "../exchange/job-snapshot.ts";
import { readOutput } from "../jobs/results/fold-result.ts";
import { listAcceptedOutputs } from "../jobs/results-store.ts";
import { findReduced } from "./reduction-store.ts";

/** The run of a job's reducer over the accepted outputs of these shards: joined on stdin, and beside the job's files what it wrote over those before. */
export async function composeReduction(services: Services, { spec, jobId }: JobFacts, { fromNo, toNo }: ReducePart): Promise<ErrandRun> {
  const { reducer } = spec;
  if (reducer.kind !== "wasi") throw new Error(`${jobId} has no reducer of its own`);
  const outputs = await listAcceptedOutputs(services.db, jobId, { after: fromNo - 1, limit: toNo - fromNo, finalBefore: null });
  const concat = createConcat(spec.output.format);
  const joined: Uint8Array[] = [];
  for (const output of outputs.filter(({ no }) => no < toNo)) joined.push(...concat.push(await readOutput(services, output)), ...concat.endShard());
  joined.push(...concat.end());
  const filled = fillArguments(reducer.args, {});
  if (!filled.ok) throw new Error(filled.problem.message);
  const { state } = await findReduced(services.db, jobId, fromNo);
  const files = spec.files.map(({ name, artifact }) => ({ name, pieces: [{ sha256: artifact.sha256, start: 0, end: Number.MAX_SAFE_INTEGER }] }));
  return {
    program: reducer.artifact.sha256,
    args: filled.args,
    env: { SHOAL_SEED: spec.seed },
    seed: spec.seed,
    stdin: [given(Buffer.concat(joined))],
    files: [...files, { name: REDUCER_FILES.state, pieces: [given(Buffer.from(state))] }],
    limits: { ...REDUCER_LIMITS, memoryBytesMax: spec.limits.memoryBytesMax },
  };
}

function given(bytes: Buffer): Piece {
  return { base64: bytes.toString("base64") };
}
