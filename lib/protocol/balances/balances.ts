import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { momentField, signedMicroField } from "../fields.ts";

const balances = z.object({
  asset: z.string(),
  /** As an owner. available = what jobs can reserve now. */
  spending: z.object({
    availableMicro: signedMicroField,
    /** Held for running jobs; what they do not use comes back. */
    escrowMicro: signedMicroField,
    /** Part of available that the instance gave: spent first, never withdrawn. */
    grantedMicro: signedMicroField,
    /** Part of available that can be withdrawn at once. */
    releasableMicro: signedMicroField,
    /** In signed withdrawals that the chain has not shown yet. */
    releasingMicro: signedMicroField,
  }),
  /** As somebody whose devices earn, in the order in which money moves on. */
  earning: z.object({
    /** Paid for replicas, while checks may still take it back. */
    pendingMicro: signedMicroField,
    /** Part of pending that is held as a reserve; closing the device releases it once its checks have ended. */
    reservedMicro: signedMicroField,
    /** Beyond every check; goes into the next epoch. */
    verifiedMicro: signedMicroField,
    /** In an epoch that is being published or can still be vetoed. */
    publishingMicro: signedMicroField,
    /** Can be claimed from the chain now. */
    claimableMicro: signedMicroField,
    /** Claimed in all. */
    claimedMicro: signedMicroField,
  }),
  /** When the next step of each kind is due; null where nothing waits for it. */
  next: z.object({ epochAt: momentField.nullable(), claimableAt: momentField.nullable() }),
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
