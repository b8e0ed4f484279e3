import "server-only";
import { z } from "zod";
import { PROGRAM_REVIEWS, type ProgramReview } from "#lib/domain/policy/decide-admission.ts";
import type { Quotas } from "#lib/domain/quota/quotas.ts";
import { CLUSTER_SIGNALS, type ClusterSignal } from "#lib/domain/trust/cluster.ts";
import { HOLD, type HoldSettings } from "#lib/domain/trust/hold.ts";
import { RESERVE_PAYMENTS } from "#lib/domain/trust/reserve.ts";
import { PLANS } from "../db/client.ts";
import { chainContradictions, chainEnvironment, type PoolConfig, readPool } from "./chain-config.ts";
import { corsOrigins } from "./cors-origins.ts";
import { type FurtherChain, furtherChainsEnvironment, furtherContradictions, readFurtherChains } from "./further-chains.ts";
import { type PushConfig, pushEnvironment, readPush } from "./push-config.ts";
import { readS3, type S3Config, s3Contradictions, s3Environment } from "./s3-config.ts";
import { splitList } from "./split-list.ts";

/** Everything the server reads from its environment, in one place. Each missing or wrong setting is listed at start, in words. */
const GIBI = 1024 ** 3;

const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL of the database" }),
  DATABASE_PLANS: z.enum(PLANS, { error: `must be ${PLANS.join(" or ")}` }).default("kept"),
  /** Where the instance is reached; signatures are bound to it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be the http(s):// URL people open" }),
  /** Signs sessions, device tokens and artifact URLs. */
  SESSION_SECRET: z.string().min(32, { error: "must be at least 32 characters of randomness" }),
  /** Folder of the blob store; not needed with S3_BUCKET. */
  BLOB_FOLDER: z.string().min(1, { error: "must name the folder that holds artifacts" }).optional(),
  ...s3Environment,
  ...pushEnvironment,
  ...chainEnvironment,
  ...furtherChainsEnvironment,
  UNLINKED_DAYS: z.coerce.number().min(0.0001).max(3650).default(180),
  ASSET: z.string().min(1).max(12).default("DEMO"),
  FEE_BPS: z.coerce.number().int().min(0).max(3000).default(0),
  /** Demo features: the demo wallet's faucet, and operator rights for the addresses in OPERATOR_ADDRESSES. */
  DEMO: z.stringbool().default(false),
  FAUCET_MICRO: z.coerce.bigint().default(0n),
  OPERATOR_ADDRESSES: z.string().default("").transform(splitList),
  /** Folder with privacy.md and terms.md, the texts that people agree to. */
  LEGAL_FOLDER: z.string().min(1).default("docs/legal"),
  /** How many proxies of the operator stand in front, each adding to x-forwarded-for; 0 if people reach the process itself. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  /** Origins whose pages may use the API with a key. */
  CORS_ORIGINS: corsOrigins,
  /** Multiplies every rate limit. */
  RATE_LIMIT_FACTOR: z.coerce.number().min(0.01).max(1_000_000).default(1),
  /** Bytes that an account may send as uploads within a day (UTC). */
  UPLOAD_DAY_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(64 * GIBI),
  /** Bytes of its uploads that an account may keep at a time. */
  KEPT_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(256 * GIBI),
  /** Jobs of an account that have not ended, at a time. */
  OPEN_JOBS_MAX: z.coerce.number().int().min(1).max(1_000_000).default(1000),
  /** Program, input and files of a job are kept so long after it closed. */
  JOB_FILES_DAYS: z.coerce.number().min(0).max(36_500).default(30),
  /** So long after a job closed its results are kept. */
  RESULT_DAYS: z.coerce.number().min(0).max(36_500).default(180),
  /** Whoever shows it may read /api/metrics. */
  METRICS_TOKEN: z.string().min(16, { error: "must be at least 16 characters" }).optional(),
  /** Whose jobs an operator looks at before they run. */
  PROGRAM_REVIEW: z.enum(PROGRAM_REVIEWS, { error: `must be one of ${PROGRAM_REVIEWS.join(", ")}` }).default("off"),
  /** Where a collector takes traces: OTLP over HTTP. */
  TRACES_URL: z.url({ protocol: /^https?$/, error: "must be the http(s):// URL at which a collector takes OTLP" }).optional(),
  /** Share of requests and duties that are told there. */
  TRACES_SHARE: z.coerce.number().min(0).max(1).default(1),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  GRANT_LEASE_MS: z.coerce.number().int().min(1000).default(45_000),
  INDEPENDENT_WAIT_MS: z.coerce.number().int().min(0).default(60_000),
  CLUSTER_SIGNALS: z
    .string()
    .default("account,wrong_answer,pool_code,address,burst")
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(z.enum(CLUSTER_SIGNALS, { error: `must list some of ${CLUSTER_SIGNALS.join(", ")}` }))),
  TRUST_WINDOW_RESULTS_MAX: z.coerce.number().int().min(1).default(HOLD.windowResultsMax),
  /** Not below what a tally may be late, so that no verdict comes for a window that has closed. */
  TRUST_WINDOW_MS_MIN: z.coerce.number().int().min(1000).default(HOLD.windowMsMin),
  TRUST_WINDOW_MS_MAX: z.coerce.number().int().min(1000).default(HOLD.windowMsMax),
  TRUST_RESERVE_PAYMENTS: z.coerce.number().int().min(0).max(10_000).optional(),
});

export type Config = {
  databaseUrl: string;
  databasePlans: (typeof PLANS)[number];
  publicUrl: string;
  origin: string;
  sessionSecret: string;
  /** Where artifacts lie; empty where they lie in a bucket. */
  blobFolder: string;
  s3: S3Config | null;
  push: PushConfig | null;
  /** The chain at hand, and the contracts there: the instance's first unless `onChain()` chose another. */
  chain: { rpcUrl: string | null; id: number };
  pool: PoolConfig | null;
  /** Which purse of an account holds what is on the chain at hand: 0 on the instance's first chain, else the chain's number. */
  purse: number;
  /** Chains with contracts beside the first. */
  furtherChains: readonly FurtherChain[];
  /** Earnings of a device that no account took expire so long after it was last seen, where there is a reserve to take them. */
  unlinkedMs: number;
  asset: string;
  feeBps: number;
  demo: boolean;
  faucetMicro: bigint;
  operatorAddresses: string[];
  legalFolder: string;
  /** Proxies of the operator in front of the process. */
  proxyHops: number;
  /** Origins whose pages may read answers of the API. */
  corsOrigins: readonly string[];
  rateLimitFactor: number;
  metricsToken: string | null;
  /** What one account may take. */
  quotas: Quotas;
  /** Uploads of a job are let go of so long after it closed. */
  jobFilesMs: number;
  resultsMs: number;
  programReview: ProgramReview;
  /** Where traces are sent; null where nobody wants them. */
  traces: { url: string; share: number } | null;
  logLevel: "debug" | "info" | "warn" | "error";
  /** A grant whose device was silent this long is lost. */
  grantLeaseMs: number;
  /** A shard waits this long for an independent device before the trusted one, or an earlier holder, may take it. */
  independentWaitMs: number;
  /** By which signals devices count as one. */
  clusterSignals: ClusterSignal[];
  /** How long results stay revocable. */
  hold: HoldSettings;
  /** How many of its last payments each device leaves in reserve until it is closed; 0 in a demo unless it says so. */
  reservePayments: number;
};

/** Thrown at start with one line for each setting that is missing or wrong. */
class ConfigError extends Error {
  override name = "ConfigError";
}

/** Reads the settings; refuses with all problems at once. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      (issue) => `  ${issue.path.join(".")}: ${env[String(issue.path[0])] === undefined ? "is missing; it " : ""}${issue.message}`,
    );
    for (const line of missingStore(env)) lines.push(`  ${line}`);
    throw new ConfigError(`Shoal cannot start: these settings are missing or wrong.\n${lines.join("\n")}`);
  }
  const e = parsed.data;
  const problems = contradictions(e);
  if (problems.length > 0)
    throw new ConfigError(`Shoal cannot start: these settings contradict each other.\n${problems.map((line) => `  ${line}`).join("\n")}`);
  return {
    databaseUrl: e.DATABASE_URL,
    databasePlans: e.DATABASE_PLANS,
    publicUrl: e.PUBLIC_URL,
    origin: new URL(e.PUBLIC_URL).origin,
    sessionSecret: e.SESSION_SECRET,
    blobFolder: e.BLOB_FOLDER ?? "",
    s3: readS3(e),
    push: readPush(e),
    chain: { rpcUrl: e.CHAIN_RPC_URL ?? null, id: e.CHAIN_ID },
    pool: readPool(e),
    purse: 0,
    furtherChains: readFurtherChains(e),
    unlinkedMs: e.UNLINKED_DAYS * 86_400_000,
    asset: e.ASSET,
    feeBps: e.FEE_BPS,
    demo: e.DEMO,
    faucetMicro: e.FAUCET_MICRO,
    operatorAddresses: e.OPERATOR_ADDRESSES,
    legalFolder: e.LEGAL_FOLDER,
    proxyHops: e.TRUSTED_PROXY_HOPS,
    corsOrigins: e.CORS_ORIGINS,
    rateLimitFactor: e.RATE_LIMIT_FACTOR,
    metricsToken: e.METRICS_TOKEN ?? null,
    quotas: { uploadDayBytesMax: e.UPLOAD_DAY_BYTES_MAX, keptBytesMax: e.KEPT_BYTES_MAX, openJobsMax: e.OPEN_JOBS_MAX },
    jobFilesMs: e.JOB_FILES_DAYS * 86_400_000,
    resultsMs: e.RESULT_DAYS * 86_400_000,
    programReview: e.PROGRAM_REVIEW,
    traces: e.TRACES_URL ? { url: e.TRACES_URL, share: e.TRACES_SHARE } : null,
    logLevel: e.LOG_LEVEL,
    grantLeaseMs: e.GRANT_LEASE_MS,
    independentWaitMs: e.INDEPENDENT_WAIT_MS,
    clusterSignals: e.CLUSTER_SIGNALS,
    hold: { windowResultsMax: e.TRUST_WINDOW_RESULTS_MAX, windowMsMin: e.TRUST_WINDOW_MS_MIN, windowMsMax: e.TRUST_WINDOW_MS_MAX },
    reservePayments: e.TRUST_RESERVE_PAYMENTS ?? (e.DEMO ? 0 : RESERVE_PAYMENTS),
  };
}

type Environment = z.output<typeof environment>;

function missingStore(env: { BLOB_FOLDER?: string | undefined; S3_BUCKET?: string | undefined }): string[] {
  if (env.BLOB_FOLDER !== undefined || env.S3_BUCKET !== undefined) return [];
  return ["BLOB_FOLDER: is missing; it must name the folder that holds artifacts, unless S3_BUCKET names a bucket"];
}

function contradictions(e: Environment): string[] {
  const problems = [...missingStore(e), ...s3Contradictions(e), ...chainContradictions(e, e.DEMO), ...furtherContradictions(e)];
  if (e.POOL_ESCROW && e.FAUCET_MICRO > 0n && !e.POOL_SPONSOR) problems.push("FAUCET_MICRO: needs POOL_SPONSOR, whose budget pays for what is given away");
  return problems;
}
