import { z } from "zod";
import { EPOCH_STATES } from "#lib/domain/payouts/epoch-state.ts";
import { addressField, chainField, signatureField, wordField } from "../chain/chain.ts";
import { endpoint } from "../endpoint.ts";
import { idField, microField, momentField, pageFields, sha256Field, signedMicroField } from "../fields.ts";

export const epochView = z.object({
  no: z.number(),
  /** `cut`, `leaves`, `tree` and `file` are steps towards the chain; `proposed` waits for a veto until `finalizableAt`. */
  state: z.enum(EPOCH_STATES),
  cutAt: momentField,
  /** What it pays to accounts and keeps as fee. */
  netMicro: signedMicroField,
  feeMicro: signedMicroField,
  /** Sum of all leaves and how many there are; null before they are listed. */
  totalMicro: signedMicroField.nullable(),
  leafCount: z.number().nullable(),
  root: wordField.nullable(),
  /** SHA-256 of the public file at `/api/v1/epochs/{no}/file`; the contract's `dataHash`. */
  fileSha256: sha256Field.nullable(),
  /** Its number in the contract. */
  chainNo: z.number().nullable(),
  proposedAt: momentField.nullable(),
  proposedTx: wordField.nullable(),
  finalizableAt: momentField.nullable(),
  endedAt: momentField.nullable(),
  endedTx: wordField.nullable(),
});
export type EpochView = z.output<typeof epochView>;

export const listEpochs = endpoint({
  name: "listEpochs",
  method: "GET",
  path: "/api/v1/epochs",
  auth: "public",
  input: z.strictObject({ limit: pageFields.limit, before: z.coerce.number().int().min(1).optional(), chainId: chainField }),
  output: z.object({ epochs: z.array(epochView), next: z.number().nullable() }),
  refusals: ["chain_unknown"],
  summary: "All epochs of a chain, newest first: how much was paid, the root on chain, where its public file is.",
});

export const getEpoch = endpoint({
  name: "getEpoch",
  method: "GET",
  path: "/api/v1/epochs/{no}",
  auth: "public",
  input: z.strictObject({ no: z.coerce.number().int().min(1), chainId: chainField }),
  output: epochView,
  refusals: ["not_found", "chain_unknown"],
  summary: "One epoch of a chain.",
});

export const getEpochFile = endpoint({
  name: "getEpochFile",
  method: "GET",
  path: "/api/v1/epochs/{no}/file",
  auth: "public",
  answer: "bytes",
  input: z.strictObject({ no: z.coerce.number().int().min(1), chainId: chainField }),
  output: z.instanceof(Uint8Array),
  refusals: ["not_found", "chain_unknown"],
  summary: "The epoch's public file: a line of JSON, then every account with what it has earned in all, 32 bytes each. Anyone can rebuild the root from it.",
});

export const getProof = endpoint({
  name: "getProof",
  method: "GET",
  path: "/api/v1/proofs/{address}",
  auth: "public",
  input: z.strictObject({ address: addressField, chainId: chainField }),
  output: z.object({
    account: addressField,
    chainId: z.number(),
    distributor: addressField,
    /** The finalized epoch whose root the contract holds; null before the first. */
    epoch: z.number().nullable(),
    root: wordField.nullable(),
    /** Earned in all up to that epoch: the contract's `cumulative`. */
    cumulativeMicro: signedMicroField,
    claimedMicro: signedMicroField,
    claimableMicro: signedMicroField,
    /** What `claim(account, cumulative, proof)` takes; empty if the account is not in the tree, or alone in it. */
    proof: z.array(wordField),
    isInTree: z.boolean(),
  }),
  refusals: ["no_pool", "chain_unknown"],
  summary: "What an address can claim on a chain, and the path that proves it. The same for everybody who asks.",
});

export const relayClaim = endpoint({
  name: "relayClaim",
  method: "POST",
  path: "/api/v1/me/claim",
  auth: "session",
  input: z.strictObject({
    /** Where the earnings go, less the fee. */
    to: addressField,
    /** What was signed: the most that the sender may keep, until when it may be sent, and what the account had been paid before. */
    maxFeeMicro: microField,
    deadline: momentField,
    alreadyPaidMicro: microField,
    signature: signatureField,
    chainId: chainField,
  }),
  output: z.object({ txHash: wordField, feeMicro: microField, amountMicro: microField }),
  refusals: ["conflict", "no_pool", "chain_unknown", "signature_invalid", "wallet_needed"],
  summary:
    "Sends the account's signed claim (`claimTo` of the distributor, for the relayer that `getChain` names) in the relayer's transaction, which keeps the fee; the account needs no gas. Asked again it answers with the same transaction.",
});

/** What moves an account's earnings; amounts are positive, and the kind says which way. */
export const EARNING_KINDS = ["earned", "taken_back", "published", "vetoed", "claimable", "claimed"] as const;

const earningFilter = {
  kind: z.enum(EARNING_KINDS).optional(),
  deviceId: idField("dev").optional(),
  jobId: idField("job").optional(),
  /** From this moment on, and before that one. */
  from: momentField.optional(),
  to: momentField.optional(),
};

const earningRow = z.object({
  /** Names the row in `after`. */
  id: z.string(),
  at: momentField,
  kind: z.enum(EARNING_KINDS),
  amountMicro: signedMicroField,
  /** For `earned` and `taken_back`: which device, for which job. */
  deviceId: idField("dev").nullable(),
  jobId: idField("job").nullable(),
  /** For the others: through which epoch, in which transaction. */
  epoch: z.number().nullable(),
  txHash: wordField.nullable(),
  /** On which chain; null on an instance without contracts. */
  chainId: z.number().nullable(),
});

export const listEarnings = endpoint({
  name: "listEarnings",
  method: "GET",
  path: "/api/v1/me/earnings",
  auth: "account",
  input: z.strictObject({ ...earningFilter, ...pageFields }),
  output: z.object({ rows: z.array(earningRow), next: z.string().nullable() }),
  summary: "Every movement of the account's earnings, newest first, by kind, device, job and time.",
});

export const exportEarnings = endpoint({
  name: "exportEarnings",
  method: "GET",
  path: "/api/v1/me/earnings/csv",
  auth: "account",
  answer: "bytes",
  input: z.strictObject(earningFilter),
  output: z.instanceof(Uint8Array),
  summary: "The same as a CSV file, streamed, with the same filters.",
});
