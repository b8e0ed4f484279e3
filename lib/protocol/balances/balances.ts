import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { momentField, signedMicroField } from "../fields.ts";

/** As an owner. available = what jobs can reserve now. */
const spending = z.object({
  availableMicro: signedMicroField,
  /** Held for running jobs; what they do not use comes back. */
  escrowMicro: signedMicroField,
  /** Part of available that the instance gave: spent first, never withdrawn. */
  grantedMicro: signedMicroField,
  /** Part of available that can be withdrawn at once. */
  releasableMicro: signedMicroField,
  /** In signed withdrawals that the chain has not shown yet. */
  releasingMicro: signedMicroField,
});

/** Earnings that have left the jobs' side: from here on they are on one chain. */
const published = z.object({
  /** In an epoch that is being published or can still be vetoed. */
  publishingMicro: signedMicroField,
  /** Can be claimed from the chain now. */
  claimableMicro: signedMicroField,
  /** Claimed in all. */
  claimedMicro: signedMicroField,
});

const balances = z.object({
  asset: z.string(),
  /** Over all chains; a job is funded with what is available on its own. */
  spending,
  /** As somebody whose devices earn, over all chains, in the order in which money moves on. */
  earning: published.extend({
    /** Paid for replicas, while checks may still take it back. */
    pendingMicro: signedMicroField,
    /** Part of pending that is held as a reserve; closing the device releases it once its checks have ended. */
    reservedMicro: signedMicroField,
    /** Beyond every check; goes into the next epoch. */
    verifiedMicro: signedMicroField,
  }),
  /** When the next step of each kind is due on the chain where it is due first; null where nothing waits for it. */
  next: z.object({ epochAt: momentField.nullable(), claimableAt: momentField.nullable() }),
  /** The same chain by chain, the instance's first chain first; empty on an instance without contracts. */
  chains: z.array(z.object({ chainId: z.number(), spending, earning: published })),
  devices: z.number(),
});

export const getBalances = endpoint({
  name: "getBalances",
  method: "GET",
  path: "/api/v1/balances",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({}),
  output: balances,
  summary: "All of the account's money in the places where it can be, as owner and as earner.",
});
