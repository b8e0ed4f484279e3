import { BaseError, ContractFunctionRevertedError, encodeErrorResult, RpcRequestError, WaitForTransactionReceiptTimeoutError } from "viem";
import { expect, test } from "vitest";
import { rewardDistributorAbi } from "#contracts/generated/reward-distributor.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { CHAIN_PROBLEMS, ChainError, readChainError } from "./chain-problem.ts";

const problemOf = (error: unknown) => (readChainError(error) as ChainError).problem;
const revert = (errorName: "InvalidProof" | "NothingDue" | "ClaimsPaused" | "OutflowExhausted", args: readonly unknown[]) => {
  const data = encodeErrorResult({ abi: rewardDistributorAbi, errorName, args } as Parameters<typeof encodeErrorResult>[0]);
  return new BaseError("The call failed.", { cause: new ContractFunctionRevertedError({ abi: rewardDistributorAbi, data, functionName: "claim" }) });
};

test("a person who declines is told so, whatever code the wallet uses and however deep it lies", () => {
  for (const error of [{ code: 4001, message: "User rejected" }, { code: 5000 }, { code: -32603, data: { originalError: { code: 4001 } } }])
    expect(problemOf(error)).toBe("rejected");
  expect(problemOf(new BaseError("Failed.", { cause: Object.assign(new Error("denied"), { code: 4001 }) }))).toBe("rejected");
});

test("each refusal of the distributor is told apart by its name", () => {
  expect(problemOf(revert("InvalidProof", []))).toBe("proof_outdated");
  expect(problemOf(revert("NothingDue", ["0x0000000000000000000000000000000000000001"]))).toBe("already_claimed");
  expect(problemOf(revert("ClaimsPaused", [5n]))).toBe("paused");
  expect(problemOf(revert("OutflowExhausted", [5n, 0n]))).toBe("outflow_empty");
});

test("too little for the network's fee is found in what nodes say, for they have no code for it", () => {
  const error = { code: -32003, message: "Insufficient funds for gas * price + value" };
  expect(problemOf(new RpcRequestError({ body: {}, error, url: "" }))).toBe("gas_short");
});

test("a transaction that no block takes is not said to have failed", () => {
  expect(problemOf(new WaitForTransactionReceiptTimeoutError({ hash: "0x12" }))).toBe("unconfirmed");
});

test("what the instance says stays what it says, also inside an error of viem", () => {
  const refusal = new ApiError("unavailable", { problem: "the chain does not answer" });
  expect(readChainError(new BaseError("Failed.", { cause: refusal }))).toBe(refusal);
  const known = new ChainError("nothing_due");
  expect(readChainError(new BaseError("Failed.", { cause: known }))).toBe(known);
});

test("anything else is a wallet's failure with its own words, and an error that is its own cause ends", () => {
  expect(problemOf("boom")).toBe("wallet_failed");
  const loop = new Error("loop");
  loop.cause = loop;
  expect((readChainError(loop) as ChainError).detail).toBe("loop");
});

test("every problem has its sentence", () => {
  expect(Object.keys(CATALOGUES.en.wallet.problems).sort()).toEqual([...CHAIN_PROBLEMS].sort());
});
