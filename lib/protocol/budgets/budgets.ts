import { z } from "zod";
import { addressField, chainField, signatureField, wordField } from "../chain/chain.ts";
import { endpoint } from "../endpoint.ts";
import { idField, microField, momentField, pageFields, signedMicroField } from "../fields.ts";

/** The budget that pages and programs use unless an owner wants several: 32 zero bytes. */
export const STANDING_BUDGET_ID = `0x${"00".repeat(32)}` as const;

const releaseView = z.object({
  budgetId: wordField,
  to: addressField,
  amountMicro: signedMicroField,
  nonce: z.number(),
  deadline: momentField,
  signature: signatureField,
  /** `open` can be sent to the contract's `release` until the deadline. */
  state: z.enum(["open", "done", "expired"]),
});
export type ReleaseView = z.output<typeof releaseView>;

const budgetView = z.object({
  budgetId: wordField,
  /** The contract's key: keccak256(abi.encode(owner, budgetId)). */
  key: wordField,
  /** On chain, as far as it is confirmed. Spent money leaves it when an epoch takes it. */
  balanceMicro: signedMicroField,
  /** The most that one epoch may take. */
  epochCapMicro: signedMicroField,
  /** When the way out that needs nobody opens; null unless requested. */
  withdrawAt: momentField.nullable(),
  release: releaseView.nullable(),
});

/** Deposits that the chain shows but that wait for confirmations. */
const pendingDeposit = z.object({
  budgetId: wordField,
  amountMicro: signedMicroField,
  txHash: wordField,
  block: z.number(),
  confirmations: z.number(),
  needed: z.number(),
});

export const listBudgets = endpoint({
  name: "listBudgets",
  method: "GET",
  path: "/api/v1/budgets",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({ chainId: chainField }),
  output: z.object({ budgets: z.array(budgetView), pendingDeposits: z.array(pendingDeposit) }),
  refusals: ["no_pool", "chain_unknown"],
  summary: "The account's budgets on a chain, deposits that wait for confirmations, and signed withdrawals. Deposit by the contract's fund or fundWithPermit.",
});

export const createRelease = endpoint({
  name: "createRelease",
  method: "POST",
  path: "/api/v1/budgets/{budgetId}/release",
  auth: "session",
  input: z.strictObject({ budgetId: wordField, amountMicro: microField, to: addressField.optional(), chainId: chainField }),
  output: releaseView,
  refusals: ["not_found", "conflict", "wallet_needed", "release_short", "no_pool", "chain_unknown"],
  summary:
    "Signs an instant withdrawal of unspent money, to be sent to the contract's release by the owner's wallet. Only a session may ask; one is open at a time.",
});

export const STATEMENT_KINDS = ["deposit", "grant", "reserve", "refund", "release", "withdraw", "other"] as const;

const statementFilter = {
  kind: z.enum(STATEMENT_KINDS).optional(),
  jobId: idField("job").optional(),
  from: momentField.optional(),
  to: momentField.optional(),
};

const statementRow = z.object({
  id: z.string(),
  at: momentField,
  kind: z.enum(STATEMENT_KINDS),
  /** What it did to the money that can be spent. */
  amountMicro: signedMicroField,
  jobId: idField("job").nullable(),
  jobName: z.string().nullable(),
  txHash: wordField.nullable(),
  /** On which chain; null on an instance without contracts. */
  chainId: z.number().nullable(),
});

export const listStatement = endpoint({
  name: "listStatement",
  method: "GET",
  path: "/api/v1/me/statement",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({ ...statementFilter, ...pageFields }),
  output: z.object({ rows: z.array(statementRow), next: z.string().nullable() }),
  summary: "What moved the account's spendable money, newest first: deposits, reservations of jobs, what came back, withdrawals.",
});

export const exportStatement = endpoint({
  name: "exportStatement",
  method: "GET",
  path: "/api/v1/me/statement/csv",
  auth: "account",
  scope: "jobs:read",
  answer: "bytes",
  input: z.strictObject(statementFilter),
  output: z.instanceof(Uint8Array),
  summary: "The same as a CSV file, streamed.",
});

export const exportInvoices = endpoint({
  name: "exportInvoices",
  method: "GET",
  path: "/api/v1/me/invoices/csv",
  auth: "account",
  scope: "jobs:read",
  answer: "bytes",
  input: z.strictObject({ from: momentField.optional(), to: momentField.optional() }),
  output: z.instanceof(Uint8Array),
  summary: "One line for each job that was submitted in the time: reserved, paid to devices, fee, returned, still held.",
});
