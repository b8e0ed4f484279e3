import { createHash } from "node:crypto";
import type { CompareRule } from "#lib/domain/compare/compare-rule.ts";
import { type AccountId, type DeviceId, type JobId, type KeyId, uuidOf } from "#lib/domain/ids.ts";
import type { JobSpec, Runtime } from "#lib/domain/job/job.ts";
import { type Milestone, releasedShards } from "#lib/domain/job/milestones.ts";
import { replicaCost, worstCost } from "#lib/domain/ledger/money.ts";
import type { Visibility } from "#lib/domain/pool/pool.ts";
import { ASSURANCE_OFFERS, type AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { KEY_SCOPES, type KeyScope } from "#lib/protocol/endpoint.ts";
import { hashSecret, makeKeySecret } from "#lib/server/accounts/keys/key-secret.ts";
import { insertKey } from "#lib/server/accounts/keys/key-store.ts";
import type { Context, Services } from "#lib/server/context.ts";
import { transaction } from "#lib/server/db/transaction.ts";
import { newId } from "#lib/server/ids.ts";
import { fundJob } from "#lib/server/ledger/fund-job.ts";
import { postFaucet } from "#lib/server/ledger/post-faucet.ts";
import type { AccountPrincipal, DevicePrincipal } from "#lib/server/principal.ts";

/** Somebody whose account has a wallet. */
export type WalletOwner = Context<AccountPrincipal & { address: string }>;

/** Inserts an account with money, as after its first sign-in on a demo instance. */
export async function makeAccount(services: Services, balanceMicro = 1_000_000_000n): Promise<{ accountId: AccountId; ctx: WalletOwner }> {
  const accountId = newId("acc");
  const address = `0x${createHash("sha256").update(accountId).digest("hex").slice(0, 40)}`;
  await transaction(services.db, async (tx) => {
    await tx`insert into accounts (id, address) values (${uuidOf(accountId)}, ${address})`;
    if (balanceMicro > 0n) await postFaucet(tx, accountId, balanceMicro);
  });
  return { accountId, ctx: { ...services, principal: { kind: "account", accountId, address, roles: [], scopes: null } } };
}

/** Inserts an API key of the account that does not expire; its secret is what a request shows. */
export async function makeKey(services: Services, accountId: AccountId, scopes: readonly KeyScope[] = KEY_SCOPES): Promise<{ id: KeyId; secret: string }> {
  const [id, secret] = [newId("key"), makeKeySecret()];
  const rest = { name: "test", hint: secret.slice(-4), secretHash: hashSecret(secret), createdAt: services.clock.now(), expiresAt: null };
  await transaction(services.db, (tx) => insertKey(tx, { id, accountId, scopes: [...scopes], ...rest }));
  return { id, secret };
}

/** Inserts a device and gives the context of its requests. */
export async function makeDevice(
  services: Services,
  options: { trusted?: boolean; voterId?: string; checksFor?: AccountId } = {},
): Promise<{ deviceId: DeviceId; ctx: Context<DevicePrincipal> }> {
  const deviceId = newId("dev");
  const trusted = options.trusted ?? false;
  const checksFor = options.checksFor ?? null;
  await services.db`insert into devices (id, thumbprint, public_key, kind, trusted, checks_for, cores, last_seen_at)
    values (${uuidOf(deviceId)}, ${deviceId}, ${services.db.json({})}, 'headless', ${trusted}, ${checksFor === null ? null : uuidOf(checksFor)}, 2, ${services.clock.now()})`;
  // PostgreSQL prints UUIDs with dashes; voters are compared as it prints them.
  const [row] = await services.db<{ id: string }[]>`select id from devices where id = ${uuidOf(deviceId)}`;
  return {
    deviceId,
    ctx: { ...services, principal: { kind: "device", deviceId, voterId: options.voterId ?? row?.id ?? "", trusted, checksFor: options.checksFor } },
  };
}

export type JobShape = {
  assurance?: AssuranceClass;
  shardCount?: number;
  quorum?: number;
  replicasMax?: number;
  priceMicro?: bigint;
  feeBps?: number;
  budgetMicro?: bigint;
  timeMsMax?: number;
  runtime?: Runtime;
  topic?: string;
  compare?: CompareRule;
  visibility?: Visibility;
  milestones?: Milestone[];
  weight?: number;
  purse?: number;
};

/** Inserts a running, funded job that counts (`range` slicing), without a program's bytes: for tests of everything but running it. */
export async function makeJob(services: Services, accountId: AccountId, shape: JobShape = {}): Promise<{ jobId: JobId; spec: JobSpec }> {
  const { shardCount = 10, assurance = "instant" } = shape;
  const {
    quorum = ASSURANCE_OFFERS[assurance].quorum,
    replicasMax = ASSURANCE_OFFERS[assurance].replicasMax,
    priceMicro = 1000n,
    feeBps = 500,
    timeMsMax = 60_000,
    runtime = "wasi",
    topic = "tests",
    compare,
  } = shape;
  const jobId = newId("job");
  const spec: JobSpec = {
    version: 1,
    name: "Counting",
    description: "",
    topic,
    program: { runtime, artifact: { sha256: "0".repeat(64) }, args: ["{from}", "{to}"] },
    files: [],
    slicing: { mode: "range", from: 0, to: shardCount, step: 1, valuesPerShard: 1 },
    output: { format: "text" },
    reducer: { kind: "concat" },
    limits: { timeMsMax, memoryBytesMax: 1 << 24, outputBytesMax: 1 << 20 },
    verification: { assurance, quorum, replicasMax, ...(compare ? { compare } : {}) },
    price: { replicaMicro: String(priceMicro) },
    seed: "0",
    ...(shape.visibility ? { visibility: shape.visibility } : {}),
    ...(shape.milestones ? { milestones: shape.milestones } : {}),
    ...(shape.weight ? { weight: shape.weight } : {}),
  };
  const purse = shape.purse ?? 0;
  const budgetMicro = shape.budgetMicro ?? worstCost({ shardCount, replicasMax, priceMicro, feeBps });
  const now = services.clock.now();
  await transaction(services.db, async (tx) => {
    await tx`insert into jobs (id, account_id, name, spec, state, shard_count, price_micro, fee_bps, purse, created_at)
      values (${uuidOf(jobId)}, ${uuidOf(accountId)}, ${spec.name}, ${tx.json(spec)}, 'running', ${shardCount}, ${String(priceMicro)}, ${feeBps}, ${purse}, ${now})`;
    await tx`insert into job_cursors (job_id, state, shard_count, heads, budget_micro, cost_micro, moved_at)
      values (${uuidOf(jobId)}, 'running', ${releasedShards(shape.milestones, { shardCount, finalCount: 0 })}, ${new Array<number>(quorum).fill(0)}::int[], ${String(budgetMicro)}, ${String(replicaCost(priceMicro, feeBps))}, ${now})`;
    await fundJob(tx, { jobId, accountId, purse, amountMicro: budgetMicro });
  });
  return { jobId, spec };
}
