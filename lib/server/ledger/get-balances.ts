import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import { releasable } from "#lib/domain/ledger/releasable.ts";
import type { getBalances as getBalancesEndpoint } from "#lib/protocol/balances/balances.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context, Services } from "../context.ts";
import { listLinkedDevices } from "../devices/linking/linked-device-store.ts";
import { findLatestEpoch, sumClaimed } from "../payouts/epoch-store.ts";
import { requireAccount } from "../principal.ts";
import { sumBudgets } from "./budgets/budget-store.ts";
import { getEscrow } from "./ledger-store.ts";
import { type AccountSums, FOLD_AT, foldAccount, foldDevice, sumAccount } from "./posting-sum-store.ts";
import { getStanding, type Standing } from "./vesting-store.ts";

type Endpoint = typeof getBalancesEndpoint;

/** Every place in which money of the account can be. Long histories are folded on the way, so that the next reading is short. */
export async function getBalances(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const [sums, escrowMicro, devices, claimedMicro] = await Promise.all([
    getSums(ctx, accountId),
    getEscrow(ctx.db, accountId),
    getStandings(ctx, accountId),
    sumClaimed(ctx.db, accountId),
  ]);
  const { available = 0n, issued = 0n, releasing = 0n, publishing = 0n, published = 0n } = sums.sides;
  const total = (pick: (standing: Standing) => Micro) => String(devices.reduce((sum, standing) => sum + pick(standing), 0n));
  return {
    asset: ctx.config.asset,
    spending: {
      availableMicro: String(available),
      escrowMicro: String(escrowMicro),
      grantedMicro: String(least(available, -issued)),
      releasableMicro: String(
        releasable({ availableMicro: available, grantedMicro: -issued, onChainMicro: await sumBudgets(ctx.db, ctx.config.chain.id, accountId) }),
      ),
      releasingMicro: String(releasing),
    },
    earning: {
      pendingMicro: total((standing) => standing.pendingMicro),
      reservedMicro: total((standing) => standing.reservedMicro),
      verifiedMicro: total((standing) => standing.verifiedMicro),
      publishingMicro: String(publishing),
      claimableMicro: String(published),
      claimedMicro: String(claimedMicro),
    },
    next: await nextSteps(ctx, publishing),
    devices: devices.length,
  };
}

async function getSums({ db }: Services, accountId: AccountId): Promise<AccountSums> {
  const sums = await sumAccount(db, accountId);
  if (sums.unfolded >= FOLD_AT) await foldAccount(db, accountId);
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

async function nextSteps({ db, config }: Services, publishing: Micro): Promise<OutputOf<Endpoint>["next"]> {
  if (!config.pool) return { epochAt: null, claimableAt: null };
  const latest = await findLatestEpoch(db, config.chain.id);
  return {
    epochAt: latest ? new Date(latest.cutAt.getTime() + config.pool.epochEveryS * 1000).toISOString() : null,
    claimableAt: publishing > 0n ? (latest?.finalizableAt?.toISOString() ?? null) : null,
  };
}
