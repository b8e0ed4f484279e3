import { setTimeout as sleep } from "node:timers/promises";
import { createPublicClient, type Hex, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { createApi } from "#lib/client/api/api.ts";
import { getEpochFile, listEpochs } from "#lib/protocol/payouts/payouts.ts";
import { type Db, openDatabase } from "#lib/server/db/client.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { createLog } from "#lib/server/log.ts";
import { mapPaid } from "#lib/server/payouts/epoch-posting-store.ts";
import { findEpochNoByFile } from "#lib/server/payouts/epoch-store.ts";
import { type Guard, guardPool } from "#lib/server/payouts/guardian/guard-pool.ts";

/*
 * `npm run guardian`: recomputes each proposed epoch from the instance's public file, and from its books if GUARDIAN_DATABASE_URL names a copy of them that may be read, and
 * vetoes what does not follow. Runs on another machine with another key than the instance.
 */
const EVERY_MS = 5000;
const log = createLog({ logLevel: "info" });

function setting(name: string, pattern: RegExp): string {
  const value = process.env[name] ?? "";
  if (pattern.test(value)) return value;
  console.error(`${name} is missing or wrong; it must look like ${pattern.source}.`);
  process.exit(1);
}

const rpcUrl = setting("CHAIN_RPC_URL", /^https?:\/\/.+/);
const api = createApi({ baseUrl: setting("SHOAL_URL", /^https?:\/\/[^/]+$/) });
const databaseUrl = process.env.GUARDIAN_DATABASE_URL;
const db = databaseUrl
  ? openDatabase(databaseUrl, { connectionsMax: 1, applicationName: "shoal guardian", plans: process.env.DATABASE_PLANS === "each" ? "each" : "kept" })
  : null;

async function download(sha256: string): Promise<Uint8Array | null> {
  const chainId = await client.getChainId();
  const { epochs } = await api.call(listEpochs, { limit: 200, chainId });
  const epoch = epochs.find(({ fileSha256 }) => fileSha256 === sha256);
  return epoch ? new Uint8Array(await (await api.open(getEpochFile, { no: epoch.no, chainId })).arrayBuffer()) : null;
}

async function findPaid(reader: Db, sha256: string): Promise<ReadonlyMap<string, bigint> | null> {
  const chainId = await client.getChainId();
  const no = await findEpochNoByFile(reader, chainId, sha256);
  return no === null ? null : await mapPaid(reader, chainId, no);
}

async function listBroken(reader: Db): Promise<string[]> {
  return (await checkLedger(reader)).map(({ law, where, amountMicro }) => `the books break a law: ${law}, at ${where}, by ${amountMicro}`);
}

/** What cannot be had is null to the guardian, which waits for it; the log says why. */
async function orNull<T>(what: string, act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (err) {
    log.warn({ err }, `${what} cannot be had`);
    return null;
  }
}

const client = createPublicClient({ transport: http(rpcUrl) });
const guard: Guard = {
  client,
  rpcUrl,
  escrow: setting("POOL_ESCROW", /^0x[0-9a-fA-F]{40}$/) as Hex,
  startBlock: BigInt(process.env.POOL_START_BLOCK ?? 0),
  guardian: privateKeyToAccount(setting("GUARDIAN_KEY", /^0x[0-9a-fA-F]{64}$/) as Hex),
  sources: {
    readFile: async (sha256) => await orNull("a public file", async () => await download(sha256)),
    books: db && {
      readPaid: async (sha256) => await orNull("what the books say of an epoch", async () => await findPaid(db, sha256)),
      check: async () => await orNull("a check of the books", async () => await listBroken(db)),
    },
  },
};

log.info({ escrow: guard.escrow, books: db !== null }, "the guardian watches");
let lastSaid = "";
for (;;) {
  try {
    const watched = await guardPool(guard);
    const said = `${watched.epoch} ${watched.result}`;
    if (watched.result === "vetoed") log.fatal(watched, "an epoch was vetoed");
    else if (said !== lastSaid) log.info(watched, "an epoch was looked at");
    lastSaid = said;
  } catch (err) {
    log.error({ err }, "the guardian could not look; it tries again");
  }
  await sleep(EVERY_MS);
}
