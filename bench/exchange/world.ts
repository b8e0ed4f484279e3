import type { JobId } from "#lib/domain/ids.ts";
import type { Services } from "#lib/server/context.ts";
import { migrate } from "#lib/server/db/migrate.ts";
import { signDeviceToken } from "#lib/server/devices/device-token.ts";
import { openServices } from "#lib/server/services.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";

const SHARDS_PER_JOB = 10_000_000;
const PRICE_MICRO = 1000n;
const FEE_BPS = 500;
const BALANCE_MICRO = 10n ** 15n;

/** What a measured case runs in: a database with paid jobs that do not end, and devices with their tokens. */
export type World = {
  services: Services;
  /** Environment of a server for this world. */
  env: Record<string, string>;
  jobIds: JobId[];
  tokens: string[];
  close(): Promise<void>;
};

export type WorldShape = { databaseUrl: string; migrations: string; blobFolder: string; origin: string; jobs: number; devices: number };

/** Brings an empty database to the present schema and fills it. */
export async function openWorld(shape: WorldShape): Promise<World> {
  const env = {
    RATE_LIMIT_FACTOR: "1000000",
    DATABASE_URL: shape.databaseUrl,
    PUBLIC_URL: shape.origin,
    SESSION_SECRET: "a secret of the bench, worth nothing to anybody",
    BLOB_FOLDER: shape.blobFolder,
    FEE_BPS: String(FEE_BPS),
    LOG_LEVEL: "warn",
  };
  await migrate(shape.databaseUrl, shape.migrations);
  const services = await openServices(env, "shoal bench");
  const { accountId } = await makeAccount(services, BALANCE_MICRO);
  const jobIds: JobId[] = [];
  for (let i = 0; i < shape.jobs; i++) {
    const { jobId } = await makeJob(services, accountId, { shardCount: SHARDS_PER_JOB, quorum: 2, priceMicro: PRICE_MICRO, feeBps: FEE_BPS });
    jobIds.push(jobId);
  }
  const tokens: string[] = [];
  for (let i = 0; i < shape.devices; i++) tokens.push(await registerDevice(services));
  return { services, env, jobIds, tokens, close: async () => await services.db.end({ timeout: 5 }) };
}

async function registerDevice(services: Services): Promise<string> {
  const { deviceId, ctx } = await makeDevice(services);
  const { voterId, trusted } = ctx.principal;
  const { token } = await signDeviceToken(services, { deviceId, voterId, trusted, thumbprint: deviceId });
  return token;
}

/** How many shards have a verdict, by the counters that the exchange keeps. */
export async function countVerified(services: Services): Promise<number> {
  const [row] = await services.db<{ verified: number }[]>`select coalesce(sum(accepted), 0)::int as verified from job_counters`;
  return row?.verified ?? 0;
}
