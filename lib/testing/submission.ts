import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import { jobJson } from "#lib/protocol/jobs/job-json.ts";
import { createArtifact } from "#lib/server/artifacts/create-artifact.ts";
import type { Context } from "#lib/server/context.ts";
import type { Db } from "#lib/server/db/client.ts";
import { assembleModule } from "./programs/assemble-module.ts";

/** Bytes as an upload arrives: in chunks. */
export async function* chunksOf(content: string | Uint8Array, chunkBytes = 1000): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** Uploads bytes for an account; the reference to put into a submission. */
export async function upload(ctx: Context, part: UploadPart, content: string | Uint8Array): Promise<{ sha256: string }> {
  const { sha256 } = await createArtifact(ctx, { part }, chunksOf(content));
  return { sha256 };
}

export type SubmissionShape = Record<string, unknown> & { programBytes?: Uint8Array; inputText?: string };

/** A submission whose program and, if `inputText` is given, input are uploaded; other fields replace those of a job that counts to ten. */
export async function makeSubmission(ctx: Context, shape: SubmissionShape = {}): Promise<JobSubmission> {
  const { programBytes, inputText, ...fields } = shape;
  const artifact = await upload(ctx, "program", programBytes ?? assembleModule());
  return jobJson.parse({
    version: 1,
    name: "Count",
    program: { runtime: "wasi", artifact, args: ["{shard}"] },
    ...(inputText === undefined
      ? { slicing: { mode: "range", from: 0, to: 10 } }
      : { input: await upload(ctx, "input", inputText), slicing: { mode: "lines", linesPerShard: 1 } }),
    ...fields,
  });
}

/** How many rows each table holds: equal before and after a refusal that leaves nothing behind. Codes that were missed are counted because they are refused; they are left out. */
export async function countRows(db: Db): Promise<Record<string, number>> {
  const tables = await db<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'login_misses' order by 1`;
  const counts = await Promise.all(tables.map(({ name }) => db<{ count: number }[]>`select count(*)::int as count from ${db(name)}`));
  return Object.fromEntries(tables.map(({ name }, i) => [name, counts[i]?.[0]?.count ?? 0]));
}

/** What the tables hold, as one digest for each: equal before and after a call that changes nothing. When somebody or something was last seen is left out. */
export async function digestRows(db: Db): Promise<Record<string, string>> {
  const tables = await db<
    { name: string }[]
  >`select tablename as name from pg_tables where schemaname = 'public' and not tablename = any(${SEEN_TABLES}::text[]) order by 1`;
  const digests = await Promise.all(
    tables.map(({ name }) => db<{ digest: string }[]>`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${db(name)} as t`),
  );
  return Object.fromEntries(tables.map(({ name }, i) => [name, digests[i]?.[0]?.digest ?? ""]));
}

/** Tables that a request changes by having come. */
const SEEN_TABLES = ["login_misses", "api_keys", "device_exchanges", "challenges"];
