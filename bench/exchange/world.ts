import type { AccountId, JobId } from "#lib/domain/ids.ts";
import type { Services } from "#lib/server/context.ts";
import { migrate } from "#lib/server/db/migrate.ts";
import { signDeviceToken } from "#lib/server/devices/device-token.ts";
import { openServices } from "#lib/server/services.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";

const SHARDS_PER_JOB = 10_000_000;
export const PRICE_MICRO = 1000n;
export const FEE_BPS = 500;
const BALANCE_MICRO = 10n ** 15n;

/** What a measured case runs in: a database with paid jobs that do not end, and devices with their tokens. */
export type World = {
  databaseUrl: string;
  services: Services;
  /** Environment of a server for this world. */
  env: Record<string, string>;
  accountIds: AccountId[];
  jobIds: JobId[];
  tokens: string[];
  /** Puts new devices in the place of the old ones, whose tokens live ten minutes. */
  renewDevices(): Promise<void>;
  close(): Promise<void>;
};

export type WorldShape = {
  databaseUrl: string;
  migrations: string;
  blobFolder: string;
  origin: string;
  jobs: number;
  devices: number;
  /** Owners, who have the jobs in turn; one unless given. */
  accounts?: number;
  /** Weight of a job among those of its owner, by its place. */
  weightOf?: (at: number) => number;
};

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
  const accountIds: AccountId[] = [];
  for (let i = 0; i < (shape.accounts ?? 1); i++) accountIds.push((await makeAccount(services, BALANCE_MICRO)).accountId);
  const jobIds: JobId[] = [];
  for (let i = 0; i < shape.jobs; i++) {
    const weight = shape.weightOf?.(i) ?? 1;
    jobIds.push(await addJob(services, accountIds[i % accountIds.length] as AccountId, { shardCount: SHARDS_PER_JOB, weight }));
  }
  const tokens: string[] = [];
  const renewDevices = async () => {
    tokens.length = 0;
    for (let i = 0; i < shape.devices; i++) tokens.push(await registerDevice(services));
  };
  await renewDevices();
  return { databaseUrl: shape.databaseUrl, services, env, accountIds, jobIds, tokens, renewDevices, close: async () => await services.db.end({ timeout: 5 }) };
}

/** Adds a paid job of two agreeing replicas. */
export async function addJob(services: Services, accountId: AccountId, job: { shardCount: number; weight: number }): Promise<JobId> {
  const { jobId } = await makeJob(services, accountId, { ...job, quorum: 2, priceMicro: PRICE_MICRO, feeBps: FEE_BPS });
  return jobId;
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
