import "server-only";
import { z } from "zod";
import { HOLD, type HoldSettings } from "#lib/domain/trust/hold.ts";

/** Everything the server reads from its environment, in one place. Each missing or wrong setting is listed at start, in words. */
const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL of the database" }),
  /** Where the instance is reached; signatures are bound to it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be the http(s):// URL people open" }),
  /** Signs sessions, device tokens and artifact URLs. */
  SESSION_SECRET: z.string().min(32, { error: "must be at least 32 characters of randomness" }),
  /** Folder of the blob store. */
  BLOB_FOLDER: z.string().min(1, { error: "must name the folder that holds artifacts" }),
  /** JSON-RPC URL of an EVM chain; without it only externally owned accounts can sign in. */
  CHAIN_RPC_URL: z.url().optional(),
  CHAIN_ID: z.coerce.number().int().min(1).default(1),
  ASSET: z.string().min(1).max(12).default("DEMO"),
  FEE_BPS: z.coerce.number().int().min(0).max(3000).default(0),
  /** Demo features: the demo wallet's faucet, and operator rights for the addresses in OPERATOR_ADDRESSES. */
  DEMO: z.stringbool().default(false),
  FAUCET_MICRO: z.coerce.bigint().default(0n),
  OPERATOR_ADDRESSES: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  /** Folder with privacy.md and terms.md, the texts that people agree to. */
  LEGAL_FOLDER: z.string().min(1).default("docs/legal"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  GRANT_LEASE_MS: z.coerce.number().int().min(1000).default(45_000),
  INDEPENDENT_WAIT_MS: z.coerce.number().int().min(0).default(60_000),
  TRUST_WINDOW_RESULTS_MAX: z.coerce.number().int().min(1).default(HOLD.windowResultsMax),
  /** Not below what a tally may be late, so that no verdict comes for a window that has closed. */
  TRUST_WINDOW_MS_MIN: z.coerce.number().int().min(1000).default(HOLD.windowMsMin),
  TRUST_WINDOW_MS_MAX: z.coerce.number().int().min(1000).default(HOLD.windowMsMax),
});

export type Config = {
  databaseUrl: string;
  publicUrl: string;
  origin: string;
  sessionSecret: string;
  blobFolder: string;
  chain: { rpcUrl: string | null; id: number };
  asset: string;
  feeBps: number;
  demo: boolean;
  faucetMicro: bigint;
  operatorAddresses: string[];
  legalFolder: string;
  logLevel: "debug" | "info" | "warn" | "error";
  /** A grant whose device was silent this long is lost. */
  grantLeaseMs: number;
  /** A shard waits this long for an independent device before the trusted one, or an earlier holder, may take it. */
  independentWaitMs: number;
  /** How long results stay revocable. */
  hold: HoldSettings;
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
    throw new ConfigError(`Shoal cannot start: these settings are missing or wrong.\n${lines.join("\n")}`);
  }
  const e = parsed.data;
  return {
    databaseUrl: e.DATABASE_URL,
    publicUrl: e.PUBLIC_URL,
    origin: new URL(e.PUBLIC_URL).origin,
    sessionSecret: e.SESSION_SECRET,
    blobFolder: e.BLOB_FOLDER,
    chain: { rpcUrl: e.CHAIN_RPC_URL ?? null, id: e.CHAIN_ID },
    asset: e.ASSET,
    feeBps: e.FEE_BPS,
    demo: e.DEMO,
    faucetMicro: e.FAUCET_MICRO,
    operatorAddresses: e.OPERATOR_ADDRESSES,
    legalFolder: e.LEGAL_FOLDER,
    logLevel: e.LOG_LEVEL,
    grantLeaseMs: e.GRANT_LEASE_MS,
    independentWaitMs: e.INDEPENDENT_WAIT_MS,
    hold: { windowResultsMax: e.TRUST_WINDOW_RESULTS_MAX, windowMsMin: e.TRUST_WINDOW_MS_MIN, windowMsMax: e.TRUST_WINDOW_MS_MAX },
  };
}
