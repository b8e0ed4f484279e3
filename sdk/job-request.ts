import type { z } from "zod";
import { describeIssue } from "#lib/protocol/describe-issue.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { type JobJson, jobJson } from "#lib/protocol/jobs/job-json.ts";
import type { Connection } from "./connection.ts";
import type { Source } from "./source.ts";
import { type OnUpload, upload } from "./upload.ts";

type Written = z.input<typeof jobJson>;
type Reducer = NonNullable<Written["reducer"]>;
type OwnReducer = Extract<Reducer, { kind: "wasi" }>;

/** A job.json with bytes in place of digests: everything that can be left out there can be left out here. */
export type JobRequest = Omit<Written, "version" | "name" | "program" | "input" | "files" | "verification" | "reducer"> & {
  verification?: Omit<NonNullable<Written["verification"]>, "verifier">;
  /** What volunteers and you will call it; “Job” unless given. */
  name?: string;
  program: Source;
  runtime?: Written["program"]["runtime"];
  args?: string[];
  /** How a WGSL program is run. */
  kernel?: Written["program"]["kernel"];
  input?: Source;
  /** How outputs become the result; with `wasi` a program of yours, run by trusted devices. */
  reducer?: Exclude<Reducer, { kind: "wasi" }> | (Omit<OwnReducer, "artifact"> & { program: Source });
  /** A program that judges each output, run by trusted devices: one replica is then enough. */
  verifier?: { program: Source; args?: string[] };
  /** Files that every shard reads under /data, by name. */
  files?: Readonly<Record<string, Source>>;
};

const NO_DIGEST = { sha256: "0".repeat(64) };

/** Whether a request would be a right job.json, before a byte travels: throws `bad_request` with the first field that is wrong. */
export function checkRequest(request: JobRequest): void {
  toJobJson(request, {
    program: NO_DIGEST,
    input: request.input === undefined ? undefined : NO_DIGEST,
    verifier: request.verifier === undefined ? undefined : NO_DIGEST,
    reducer: NO_DIGEST,
    files: () => NO_DIGEST,
  });
}

/** Uploads what the request holds and gives the job.json that names it. */
export async function uploadRequest(
  connection: Connection,
  request: JobRequest,
  options: { onUpload?: OnUpload | undefined; signal?: AbortSignal | undefined },
): Promise<JobJson> {
  const program = { sha256: await upload(connection, request.program, { ...options, part: "program", field: "program" }) };
  const input = request.input === undefined ? undefined : { sha256: await upload(connection, request.input, { ...options, part: "input", field: "input" }) };
  const own = request.verifier;
  const verifier = own === undefined ? undefined : { sha256: await upload(connection, own.program, { ...options, part: "program", field: "verifier" }) };
  const reduced = request.reducer;
  const reducer =
    reduced?.kind !== "wasi" ? NO_DIGEST : { sha256: await upload(connection, reduced.program, { ...options, part: "program", field: "reducer" }) };
  const files = new Map<string, { sha256: string }>();
  for (const [name, source] of Object.entries(request.files ?? {}))
    files.set(name, { sha256: await upload(connection, source, { ...options, part: "file", field: `files.${name}` }) });
  return toJobJson(request, { program, input, verifier, reducer, files: (name) => files.get(name) ?? NO_DIGEST });
}

type Ref = { sha256: string };

type Refs = { program: Ref; input: Ref | undefined; verifier: Ref | undefined; reducer: Ref; files: (name: string) => Ref };

function toJobJson(request: JobRequest, refs: Refs): JobJson {
  const { program: _program, input: _input, files = {}, runtime = "wasi", args, kernel, verifier, verification, reducer, name = "Job", ...rest } = request;
  const parsed = jobJson.safeParse({
    ...rest,
    version: 1,
    name,
    program: { runtime, artifact: refs.program, ...(args ? { args } : {}), ...(kernel ? { kernel } : {}) },
    ...(verification || refs.verifier
      ? { verification: { ...verification, ...(refs.verifier ? { verifier: { artifact: refs.verifier, args: verifier?.args ?? [] } } : {}) } }
      : {}),
    ...(reducer ? { reducer: writeReducer(reducer, refs.reducer) } : {}),
    ...(refs.input ? { input: refs.input } : {}),
    files: Object.keys(files).map((file) => ({ name: file, artifact: refs.files(file) })),
  });
  if (parsed.success) return parsed.data;
  throw new ApiError("bad_request", describeIssue(parsed.error.issues[0]));
}

function writeReducer(reducer: NonNullable<JobRequest["reducer"]>, artifact: Ref): Reducer {
  if (reducer.kind !== "wasi") return reducer;
  const { program: _program, ...rest } = reducer;
  return { ...rest, artifact };
}
