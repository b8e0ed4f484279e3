/** Why a transaction did not come about, or not to an end; each has a sentence in the catalogue under `wallet.problems`. */
export const CHAIN_PROBLEMS = [
  "rejected",
  "no_account",
  "other_account",
  "wrong_network",
  "unsupported",
  "gas_short",
  "token_short",
  "already_claimed",
  "proof_outdated",
  "proof_wrong",
  "paused",
  "outflow_empty",
  "nothing_due",
  "fee_above_due",
  "nothing_to_withdraw",
  "withdraw_early",
  "signature_expired",
  "signature_invalid",
  "reverted",
  "unconfirmed",
  "wallet_failed",
] as const;
export type ChainProblem = (typeof CHAIN_PROBLEMS)[number];

/** A transaction that failed, with the reason that a page says in words. `detail` is what wallet or chain said, in English. */
export class ChainError extends Error {
  override name = "ChainError";
  readonly problem: ChainProblem;
  readonly detail: string;
  constructor(problem: ChainProblem, detail = "", options?: ErrorOptions) {
    super(detail || problem, options);
    this.problem = problem;
    this.detail = detail;
  }
}

/** By the names of errors in the contracts and the token. */
const REVERTS: Readonly<Record<string, ChainProblem>> = {
  InvalidProof: "proof_outdated",
  NothingDue: "already_claimed",
  ClaimsPaused: "paused",
  Paused: "paused",
  OutflowExhausted: "outflow_empty",
  NothingToWithdraw: "nothing_to_withdraw",
  NoWithdrawRequested: "nothing_to_withdraw",
  OverBudget: "nothing_to_withdraw",
  WithdrawTooSoon: "withdraw_early",
  SignatureExpired: "signature_expired",
  SignatureInvalid: "signature_invalid",
  ERC20InsufficientBalance: "token_short",
};
/** EIP-1193 and EIP-3326; 5000 is what wallets that speak EIP-5792 and WalletConnect say when their person declines. */
const CODES: Readonly<Record<number, ChainProblem>> = { 4001: "rejected", 5000: "rejected", 4100: "no_account", 4200: "unsupported", 4901: "wrong_network" };
const CAUSES_MAX = 12;

/**
 * Reads from anything that a wallet, a chain or viem threw what a person has to know. Errors that already say it stay as they are: those of the
 * instance, and a lost connection.
 */
export function readChainError(error: unknown): Error {
  const chain = causesOf(error);
  const known = chain.find((cause) => cause instanceof ChainError || ["ApiError", "OfflineError"].includes(nameOf(cause)));
  if (known instanceof Error) return known;
  const detail = shortest(error);
  const revert = chain.map((cause) => (cause as { data?: { errorName?: string } }).data?.errorName).find((name) => name !== undefined);
  if (revert) return new ChainError(REVERTS[revert] ?? "reverted", revert, { cause: error });
  const code = chain.map((cause) => CODES[Number((cause as { code?: unknown }).code)]).find(Boolean);
  if (code) return new ChainError(code, detail, { cause: error });
  // Nodes and wallets have no common code for it, only these words.
  if (chain.some((cause) => /insufficient funds|gas required exceeds allowance|exceeds the balance/i.test(String((cause as Error).message))))
    return new ChainError("gas_short", detail, { cause: error });
  if (chain.some((cause) => nameOf(cause).includes("WaitForTransactionReceiptTimeout"))) return new ChainError("unconfirmed", detail, { cause: error });
  const isRevert = chain.some((cause) => /revert/i.test(nameOf(cause)) || Number((cause as { code?: unknown }).code) === 3);
  return new ChainError(isRevert ? "reverted" : "wallet_failed", detail, { cause: error });
}

/** The error and what caused it, outermost first. Wallets nest the chain's own answer under `data.originalError`. */
function causesOf(error: unknown): object[] {
  const found: object[] = [];
  for (let at = error; typeof at === "object" && at !== null && found.length < CAUSES_MAX; ) {
    found.push(at);
    const { cause, data } = at as { cause?: unknown; data?: { originalError?: unknown; cause?: unknown } };
    at = cause ?? data?.originalError ?? data?.cause;
  }
  return found;
}

const nameOf = (error: object): string => String((error as { name?: unknown }).name ?? "");

function shortest(error: unknown): string {
  const { shortMessage, message } = (error ?? {}) as { shortMessage?: unknown; message?: unknown };
  return String(shortMessage ?? message ?? error).slice(0, 300);
}
