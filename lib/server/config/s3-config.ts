import "server-only";
import { z } from "zod";

/** Settings of a bucket that holds the artifacts; without `S3_BUCKET` they lie in `BLOB_FOLDER`. */
export const s3Environment = {
  S3_BUCKET: z.string().min(3, { error: "must name a bucket that exists" }).optional(),
  /** Where the server answers that is not Amazon's. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be the http(s):// URL of the store" }).optional(),
  S3_REGION: z.string().min(1).default("us-east-1"),
  /** Before each name in the bucket, so that one bucket can serve several instances. */
  S3_PREFIX: z
    .string()
    .regex(/^([\w.-]+\/)*$/, { error: "must be empty or end in a slash, of letters, digits, dots, dashes and slashes" })
    .default(""),
  /** Without both, the client looks where Amazon's tools do: environment, files, the machine's role. */
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** Whether the bucket stands in the path instead of the host's name; by default where S3_ENDPOINT is set. */
  S3_PATH_STYLE: z.stringbool().optional(),
  /** The origin at which browsers reach the bucket: with it, artifacts are fetched there by signed URLs instead of through the app. */
  S3_DIRECT_ORIGIN: z.url({ protocol: /^https?$/, error: "must be the http(s):// origin at which browsers reach the bucket" }).optional(),
};

export type S3Config = {
  bucket: string;
  endpoint: string | null;
  region: string;
  prefix: string;
  credentials: { accessKeyId: string; secretAccessKey: string } | null;
  pathStyle: boolean;
  /** Origin of the URLs by which others fetch from the bucket itself; null where nobody may. */
  directOrigin: string | null;
};

type S3Environment = z.output<z.ZodObject<typeof s3Environment>>;

/** The bucket of the settings, or null where artifacts lie in a folder. */
export function readS3(e: S3Environment): S3Config | null {
  if (e.S3_BUCKET === undefined) return null;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = e;
  return {
    bucket: e.S3_BUCKET,
    endpoint: e.S3_ENDPOINT ?? null,
    region: e.S3_REGION,
    prefix: e.S3_PREFIX,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
    pathStyle: e.S3_PATH_STYLE ?? e.S3_ENDPOINT !== undefined,
    directOrigin: e.S3_DIRECT_ORIGIN === undefined ? null : new URL(e.S3_DIRECT_ORIGIN).origin,
  };
}

/** What of these settings contradicts each other, in words. */
export function s3Contradictions(e: S3Environment): string[] {
  if (Boolean(e.S3_ACCESS_KEY_ID) === Boolean(e.S3_SECRET_ACCESS_KEY)) return [];
  return ["S3_ACCESS_KEY_ID: needs S3_SECRET_ACCESS_KEY beside it, and the other way round"];
}
