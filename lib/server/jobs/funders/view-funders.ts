import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { least } from "#lib/domain/ledger/money.ts";
import { splitReturn, totalHeld, WHOLE_BPS } from "#lib/domain/ledger/stakes.ts";
import type { JobFunders } from "#lib/protocol/jobs/funders.ts";
import type { Reader } from "../../db/client.ts";
import { getJobMoney } from "../../ledger/ledger-store.ts";
import { findStakes, type JobStake } from "../../ledger/stake-store.ts";
import type { Job } from "../job-store.ts";
import { type Funder, findOwnerAddress, listFunderRows } from "./funder-store.ts";

/** Everybody whose money is in a job or may come into it, the owner last, as one of them sees it. */
export async function viewFunders(reader: Reader, job: Pick<Job, "id" | "accountId">, viewerId: AccountId): Promise<JobFunders> {
  const [named, stakes, money, ownerAddress] = await Promise.all([
    listFunderRows(reader, job.id),
    findStakes(reader, job.id),
    getJobMoney(reader, job.id),
    findOwnerAddress(reader, job.accountId),
  ]);
  // What has been named and not yet put in is the owner's until it is.
  const all = stakes ?? [
    { accountId: job.accountId, shareBps: WHOLE_BPS, putMicro: money.reservedMicro, returnedMicro: money.returnedMicro, heldMicro: money.heldMicro },
  ];
  // Two readings: what returned between them is in one of the two.
  const returnable = splitReturn(all, least(money.heldMicro, totalHeld(all)));
  const byAccount = new Map(all.map((stake, i) => [stake.accountId, { ...stake, returnableMicro: returnable[i] ?? 0n }]));
  const view = ({ address, shareBps, accountId, isOwner }: Funder & { isOwner: boolean }) => {
    const stake: (JobStake & { returnableMicro: bigint }) | undefined = accountId ? byAccount.get(accountId) : undefined;
    return {
      address: address.startsWith("0x") ? address : null,
      isOwner,
      isYou: accountId === viewerId,
      shareBps,
      putMicro: String(stake?.putMicro ?? 0n),
      returnedMicro: String(stake?.returnedMicro ?? 0n),
      returnableMicro: String(stake?.returnableMicro ?? 0n),
    };
  };
  const viewerAddress = await findOwnerAddress(reader, viewerId);
  const owner = { address: ownerAddress ?? "", shareBps: byAccount.get(job.accountId)?.shareBps ?? WHOLE_BPS, accountId: job.accountId, isOwner: true };
  return {
    funders: [
      ...named.map((funder) => ({ ...view({ ...funder, isOwner: false }), isYou: funder.accountId === viewerId || funder.address === viewerAddress })),
      view(owner),
    ],
  };
}
