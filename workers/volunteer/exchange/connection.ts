import { ApiError } from "#lib/protocol/errors.ts";
import type { ExchangeInput, ExchangeOutput } from "#lib/protocol/exchange/exchange.ts";
import type { EngineReason, Farewell } from "../engine-contract.ts";

/** The instance as one device sees it: every call may be repeated. Calls fail with an `ApiError` where the instance answered, otherwise with any other error. */
export type Connection = {
  /** Registers the device by its key, or renews its token. */
  open(signal: AbortSignal): Promise<{ deviceId: string; trusted: boolean; checksOwnJobs?: boolean }>;
  exchange(input: ExchangeInput, options: { signal: AbortSignal; keepalive?: boolean }): Promise<ExchangeOutput>;
  /** The same exchange as a request that somebody else can send; null without a token. */
  farewell(input: ExchangeInput): Farewell | null;
};

export type Trouble = { reason: EngineReason; isFatal: boolean /** Not to be repeated before, where the instance said so. */; atLeastMs: number };

/** What a failed call means: whether to repeat it, when, and what to say meanwhile. */
export function judgeTrouble(error: unknown): Trouble {
  if (!(error instanceof ApiError)) {
    return { reason: { code: "unreachable", params: {}, message: "The instance cannot be reached; trying again." }, isFatal: false, atLeastMs: 0 };
  }
  const { code, params, message, remedy } = error;
  const { seconds } = params;
  // A token that ran out is renewed by the repetition.
  const isFatal = remedy !== "later" && code !== "unauthenticated" && code !== "challenge_unknown";
  return { reason: { code, params, message }, isFatal, atLeastMs: typeof seconds === "number" ? seconds * 1000 : 0 };
}
