import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import { releasable } from "#lib/domain/ledger/releasable.ts";
import type { getBalances as getBalancesEndpoint } from "#lib/protocol/balances/balances.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { onEveryChain } from "../chain/choose-chain.ts";
import type { Context, Services } from "../context.ts";
import type { Db } from "../db/client.ts";
import { listLinkedDevices } from "../devices/linking/linked-device-store.ts";
import { findLatestEpoch, sumClaimed } from "../payouts/epoch-store.ts";
import { requireAccount } from "../principal.ts";
import { sumBudgets } from "./budgets/budget-store.ts";
import { getEscrow } from "./ledger-store.ts";
import { type AccountSums, FOLD_AT, foldAccount, foldDevice, sumAccount } from "./posting-sum-store.ts";
import { getStanding, type Standing } from "./vesting-store.ts";

type Endpoint = typeof getBalancesEndpoint;

/** Every place in which money of the account can be, in all and on each chain. Long histories are folded on the way, so that the next reading is short. */
export async function getBalances(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const [chains, devices] = await Promise.all([
    Promise.all(onEveryChain(ctx).map((services) => readOnChain(services, accountId))),
    getStandings(ctx, accountId),
  ]);
  const ofDevices = (pick: (standing: Standing) => Micro) => String(devices.reduce((sum, standing) => sum + pick(standing), 0n));
  const soonest = (pick: (chain: OnChain) => Date | null) => earliest(chains.map(pick))?.toISOString() ?? null;
  return {
    asset: ctx.config.asset,
    spending: addUp(chains.map(({ spending }) => spending)),
    earning: {
      pendingMicro: ofDevices((standing) => standing.pendingMicro),
      reservedMicro: ofDevices((standing) => standing.reservedMicro),
      verifiedMicro: ofDevices((standing) => standing.verifiedMicro),
      ...addUp(chains.map(({ earning }) => earning)),
    },
    next: { epochAt: soonest(({ epochAt }) => epochAt), claimableAt: soonest(({ claimableAt }) => claimableAt) },
    chains: ctx.config.pool ? chains.map(({ chainId, spending, earning }) => ({ chainId, spending: addUp([spending]), earning: addUp([earning]) })) : [],
    devices: devices.length,
  };
}

type OnChain = Awaited<ReturnType<typeof readOnChain>>;

/** What the account has on the chain at hand, and when the next step of each kind is due there. */
async function readOnChain({ db, config }: Services, accountId: AccountId) {
  const { chain, purse, pool } = config;
  const [{ sides }, escrowMicro, onChainMicro, claimedMicro, latest] = await Promise.all([
    getSums(db, accountId, purse),
    getEscrow(db, accountId, purse),
    sumBudgets(db, chain.id, accountId),
    sumClaimed(db, chain.id, accountId),
    pool ? findLatestEpoch(db, chain.id) : null,
  ]);
  const { available: availableMicro = 0n, issued = 0n, releasing: releasingMicro = 0n, publishing: publishingMicro = 0n, published = 0n } = sides;
  return {
    chainId: chain.id,
    spending: {
      availableMicro,
      escrowMicro,
      grantedMicro: least(availableMicro, -issued),
      releasableMicro: releasable({ availableMicro, grantedMicro: -issued, onChainMicro }),
      releasingMicro,
    },
    earning: { publishingMicro, claimableMicro: published, claimedMicro },
    epochAt: pool && latest ? new Date(latest.cutAt.getTime() + pool.epochEveryS * 1000) : null,
    claimableAt: publishingMicro > 0n ? (latest?.finalizableAt ?? null) : null,
  };
}

function earliest(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce((first, at) => (at && (!first || at < first) ? at : first), null);
}

/** The sums of amounts by name, as text. */
function addUp<Name extends string>(parts: readonly Record<Name, Micro>[]): Record<Name, string> {
  const names = Object.keys(parts[0] ?? {}) as Name[];
  return Object.fromEntries(names.map((name) => [name, String(parts.reduce((sum, part) => sum + part[name], 0n))])) as Record<Name, string>;
}

async function getSums(db: Db, accountId: AccountId, purse: number): Promise<AccountSums> {
  const sums = await sumAccount(db, accountId, purse);
  if (sums.unfolded >= FOLD_AT) await foldAccount(db, accountId, purse);
  return sums;
}

async function getStandings(services: Services, accountId: AccountId): Promise<Standing[]> {
  const devices = await listLinkedDevices(services.db, accountId);
  return await Promise.all(
    devices.map(async ({ id }) => {
      const standing = await getStanding(services.db, id);
      if (standing.unfolded >= FOLD_AT) await foldDevice(services.db, id);
      return standing;
    }),
  );
}
