import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AccountId, idOf, uuidOf } from "#lib/domain/ids.ts";
import { type Endpoint, KEY_SCOPES } from "#lib/protocol/endpoint.ts";
import { sessionCookie } from "#lib/server/accounts/session-cookie.ts";
import { createUpload } from "#lib/server/artifacts/uploads/create-upload.ts";
import type { Services } from "#lib/server/context.ts";
import { signDeviceToken } from "#lib/server/devices/device-token.ts";
import { newId } from "#lib/server/ids.ts";
import { createPool } from "#lib/server/pools/create-pool.ts";
import { createInvite } from "#lib/server/pools/invites.ts";
import { makeAccount, makeDevice, makeJob, makeKey } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const ORIGIN = "http://127.0.0.1:3999";
/** The digest that paths name: of no bytes, and of the owner's browser that asked to be told. */
const NAMELESS = "0".repeat(64);

/** Everybody who may stand before a door. */
export const CALLERS = ["anonymous", "owner", "stranger", "operator", "key", "key without scope", "device", "other device"] as const;
export type Caller = (typeof CALLERS)[number];

/** An instance with one owner's things in it, and the headers by which each caller comes. */
export type DoorWorld = {
  services: TestServices;
  /** Ids of the owner's things, by the names that paths and inputs use for them. */
  owned: Record<string, string>;
  /** `extra` are headers beside those by which the caller comes, or instead of them. */
  call(endpoint: Endpoint, caller: Caller, input: Record<string, unknown>, extra?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
};

type Handler = (request: Request, context: unknown) => Promise<Response>;

/** Opens the app's own route handlers on a database of their own. */
export async function openDoorWorld(): Promise<DoorWorld> {
  const services = await openTestServices();
  // Where the route handlers of this process find their means.
  (globalThis as { shoalServices?: Promise<Services> }).shoalServices = Promise.resolve(services);
  const [owner, stranger, operator] = await Promise.all([makeAccount(services), makeAccount(services), makeAccount(services)]);
  await services.db`update accounts set roles = '{operator}' where address = ${operator.ctx.principal.address}`;
  await services.db`update accounts set sessions_valid_from = ${services.clock.now()}`;
  const { jobId } = await makeJob(services, owner.accountId);
  const key = await makeKey(services, owner.accountId, KEY_SCOPES);
  const device = await makeDevice(services);
  const headers: Record<Caller, Record<string, string>> = {
    anonymous: {},
    owner: await cookieOf(services, owner.accountId),
    stranger: await cookieOf(services, stranger.accountId),
    operator: await cookieOf(services, operator.accountId),
    key: { authorization: `Bearer ${key.secret}` },
    "key without scope": { authorization: `Bearer ${(await makeKey(services, owner.accountId, [])).secret}` },
    device: await tokenOf(services, device),
    "other device": await tokenOf(services, await makeDevice(services)),
  };
  return {
    services,
    owned: { jobId, keyId: key.id, deviceId: device.deviceId, job: jobId, sha256: NAMELESS, ...(await furnish(services, owner)) },
    call: async (endpoint, caller, input, extra = {}) => await answer(endpoint, { ...headers[caller], ...extra }, input),
    close: async () => {
      delete (globalThis as { shoalServices?: Promise<Services> }).shoalServices;
      await services.close();
    },
  };
}

/** Gives the owner one of each further thing that a path can name. */
async function furnish(services: TestServices, { accountId, ctx }: Awaited<ReturnType<typeof makeAccount>>): Promise<Record<string, string>> {
  const { id: poolId } = await createPool(ctx, { name: "Lab" });
  await createInvite(ctx, { poolId, expiresInDays: 7 });
  const [invite] = await services.db<{ id: string }[]>`select id from pool_invites`;
  const passkeyId = newId("psk");
  await services.db`insert into passkeys (id, account_id, credential_id, public_key, counter, transports, is_synced, is_backed_up, name, created_at)
    values (${uuidOf(passkeyId)}, ${uuidOf(accountId)}, 'doors', ${Buffer.from([1])}, 0, '{}', false, false, 'doors', ${services.clock.now()})`;
  const budgetId = `0x${"ab".repeat(32)}`;
  await services.db`insert into budgets (chain_id, key, account_id, budget_id, balance_micro, epoch_cap_micro)
    values (${services.config.chain.id}, ${budgetId}, ${uuidOf(accountId)}, ${budgetId}, 1000000, 1000000)`;
  await services.db`insert into push_subscriptions (sha256, account_id, endpoint, p256dh, auth, language, created_at)
    values (${NAMELESS}, ${uuidOf(accountId)}, 'https://push.example/doors', 'p256dh', 'auth', 'en', ${services.clock.now()})`;
  const upload = await createUpload(ctx, { part: "input", sha256: "1".repeat(64), bytes: 10 });
  if (upload.state !== "open") throw new Error("the upload is not open");
  const trialId = newId("tri");
  await services.db`insert into errands (id, kind, account_id, group_id, shard_no, run, created_at)
    values (${uuidOf(newId("ern"))}, 'trial', ${uuidOf(accountId)}, ${uuidOf(trialId)}, 0, ${services.db.json({})}, ${services.clock.now()})`;
  return { poolId, inviteId: idOf("inv", invite?.id ?? ""), memberId: accountId, passkeyId, budgetId, uploadId: upload.uploadId, trialId };
}

async function cookieOf(services: Services, accountId: AccountId): Promise<Record<string, string>> {
  const cookie = (await sessionCookie(services.config, { accountId, issuedAt: services.clock.now() })).split(";", 1)[0] ?? "";
  return { cookie, origin: ORIGIN };
}

async function tokenOf(services: Services, device: Awaited<ReturnType<typeof makeDevice>>): Promise<Record<string, string>> {
  const { token } = await signDeviceToken(services, { deviceId: device.deviceId, voterId: device.ctx.principal.voterId, trusted: false, thumbprint: "t" });
  return { authorization: `Bearer ${token}` };
}

/** The file that mounts an endpoint: its path with `[name]` for `{name}`. */
export function routeFileOf(endpoint: Endpoint): string {
  return join(ROOT, "app", endpoint.path.replace(/\{(\w+)\}/g, "[$1]"), "route.ts");
}

async function answer(endpoint: Endpoint, headers: Record<string, string>, input: Record<string, unknown>): Promise<Response> {
  const file = routeFileOf(endpoint);
  if (!existsSync(file)) throw new Error(`${endpoint.method} ${endpoint.path} has no route.`);
  const module = (await import(pathToFileURL(file).href)) as Record<string, Handler>;
  const door = module[endpoint.method];
  if (!door) throw new Error(`${file} does not answer ${endpoint.method}.`);
  return await door(toRequest(endpoint, headers, input), { params: Promise.resolve({}) });
}

function toRequest(endpoint: Endpoint, headers: Record<string, string>, input: Record<string, unknown>): Request {
  const rest = { ...input };
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(wellFormed(typeof value === "string" && value !== "" ? value : JSON.stringify(value ?? "x")));
  });
  const url = new URL(path, ORIGIN);
  const isQuery = endpoint.method === "GET" || endpoint.method === "DELETE" || endpoint.body === "bytes";
  if (isQuery)
    for (const [name, value] of Object.entries(rest)) url.searchParams.set(name, typeof value === "string" ? wellFormed(value) : JSON.stringify(value));
  const body = endpoint.body === "bytes" ? new Uint8Array([1, 2, 3]) : JSON.stringify(rest);
  const type = endpoint.body === "bytes" ? "application/octet-stream" : "application/json";
  return new Request(url, {
    method: endpoint.method,
    headers: { "content-type": type, ...headers },
    ...(endpoint.method === "GET" || (isQuery && endpoint.body !== "bytes") ? {} : { body }),
  });
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}
