import { encodeFunctionData, parseEther } from "viem";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { demoDollarAbi } from "#contracts/generated/demo-dollar.ts";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { callChain as callChainEndpoint } from "#lib/protocol/chain/chain.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { runPayouts } from "../payouts/run-payouts.ts";
import type { AccountPrincipal, Principal } from "../principal.ts";
import { callChain } from "./call-chain.ts";
import { chainClient } from "./chain-client.ts";
import { followChain } from "./follow-chain.ts";
import { getChain } from "./get-chain.ts";
import { readEvents } from "./read-logs.ts";
import { requestFaucet } from "./request-faucet.ts";
import { limitLogRanges } from "./testing/limit-log-ranges.ts";
import { devAccount, openTestChain, type TestChain } from "./testing/open-test-chain.ts";

const FAUCET_KEY = `0x${Buffer.from(devAccount(9).getHdKey().privateKey ?? []).toString("hex")}` as const;
const ANONYMOUS: Principal = { kind: "anonymous" };
const NOBODY = "0x000000000000000000000000000000000000dead";

let chain: TestChain;
let services: TestServices;
beforeAll(async () => {
  chain = await openTestChain({ faucetKey: FAUCET_KEY });
  services = await openTestServices({ ...chain.config, faucetMicro: 0n });
  await followChain(services);
});
afterAll(async () => {
  await services.close();
  await chain.stop();
});

const ask = async (method: string, params: unknown[] = [], by: Partial<TestServices> = {}) =>
  await callChain({ ...services, ...by, principal: ANONYMOUS }, { jsonrpc: "2.0", id: 7, method, params });

test("where the chain's server lists the logs of few blocks at once, the follower gets all of them, once, in the chain's order", async () => {
  await chain.deposit(devAccount(33), 1000n);
  await chain.confirm(20);
  await chain.deposit(devAccount(33), 2000n);
  const proxy = await limitLogRanges(services.config.chain.rpcUrl ?? "", 3);
  onTestFinished(proxy.close);
  const read = async (rpcUrl: string | null) => {
    const client = chainClient({ ...services.config, chain: { ...services.config.chain, rpcUrl } });
    return await readEvents(client, chain, { from: 0, to: Number(await chain.client.getBlockNumber({ cacheTime: 0 })) });
  };
  const events = await read(proxy.rpcUrl);
  expect(events.filter(({ name }) => name === "BudgetFunded").map(({ args }) => args.amount)).toEqual(["1000", "2000"]);
  expect(events).toEqual(await read(services.config.chain.rpcUrl));
  expect(proxy.refused()).toBeGreaterThan(0);
});

describe("the chain through the instance", () => {
  test("answers what a wallet's page needs, with the number that was asked with", async () => {
    expect(await ask("eth_chainId")).toEqual({ jsonrpc: "2.0", id: 7, result: "0x7a69" });
    const data = encodeFunctionData({ abi: jobEscrowAbi, functionName: "feeBps" });
    expect(BigInt((await ask("eth_call", [{ to: chain.escrow, data }, "latest"])).result as string)).toBe(500n);
    const upper = { to: chain.token.toUpperCase().replace("0X", "0x"), data: encodeFunctionData({ abi: demoDollarAbi, functionName: "decimals" }) };
    expect(BigInt((await ask("eth_call", [upper, "latest"])).result as string)).toBe(6n);
  });

  test("runs no code but that of the contracts and the token", async () => {
    for (const call of [{ to: NOBODY, data: "0x" }, { data: "0x60016000f3" }, { to: [chain.escrow] }, null, "0x", [chain.escrow]])
      for (const method of ["eth_call", "eth_estimateGas"])
        await expect(ask(method, Array.isArray(call) ? call : [call, "latest"]), JSON.stringify(call)).rejects.toMatchObject({ code: "forbidden" });
  });

  test("passes on nothing that moves the node, lists logs, or signs with its keys", async () => {
    for (const method of [
      "anvil_setBalance",
      "evm_mine",
      "debug_traceTransaction",
      "eth_sendTransaction",
      "eth_sign",
      "eth_accounts",
      "eth_getLogs",
      "ETH_CALL",
      " eth_chainId",
      "constructor",
      "",
    ])
      await expect(ask(method), method).rejects.toMatchObject({ code: "forbidden" });
  });

  test("takes one call at a time, and none with more than a wallet sends", () => {
    const call = { jsonrpc: "2.0", id: 1, method: "eth_chainId" };
    const isTaken = (body: unknown) => callChainEndpoint.input.safeParse(body).success;
    expect(isTaken(call)).toBe(true);
    expect(
      [[call], { ...call, params: [1, 2, 3, 4, 5] }, { ...call, jsonrpc: "1.0" }, { ...call, id: {} }, { ...call, method: "e".repeat(61) }].map(isTaken),
    ).toEqual([false, false, false, false, false]);
  });

  test("gives the chain's own refusal back as it is", async () => {
    const data = encodeFunctionData({ abi: jobEscrowAbi, functionName: "finalize" });
    const { error } = (await ask("eth_call", [{ to: chain.escrow, data }, "latest"])) as { error?: { code: number; data: string } };
    expect(error?.code).toBe(3);
    expect(error?.data).toMatch(/^0x[0-9a-f]{8}/);
  });

  test("says that the chain does not answer, and nothing of where it is", async () => {
    const config = { ...services.config, chain: { ...services.config.chain, rpcUrl: "http://127.0.0.1:9/secret-key" } };
    const refusal = await ask("eth_chainId", [], { config }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "unavailable", params: { problem: "the chain does not answer" } });
    expect(JSON.stringify(refusal)).not.toContain("secret-key");
    await expect(ask("eth_chainId", [], { config: { ...services.config, pool: null } })).rejects.toMatchObject({ code: "no_pool" });
  });
});

describe("the faucet", () => {
  const asked = async (principal: Principal, config = services.config) => await requestFaucet({ ...services, config, principal }, {});
  const principalOf = (address: string): AccountPrincipal => ({
    kind: "account",
    accountId: "acc_00000000000070008000000000000009",
    address,
    roles: [],
    scopes: null,
  });

  test("sends a wallet the test money and the gas that it lacks, and no more to one that has enough", async () => {
    const wallet = devAccount(31).address;
    await chain.client.setBalance({ address: wallet, value: 0n });
    const given = await asked(principalOf(wallet));
    expect(given).toMatchObject({ amountMicro: "1000000000", txHashes: [expect.any(String), expect.any(String)] });
    for (const hash of given.txHashes) await chain.mined(Promise.resolve(hash as `0x${string}`));
    expect(await chain.balanceOf(wallet)).toBe(1_000_000_000n);
    expect(await chain.client.getBalance({ address: wallet })).toBe(parseEther("1"));
    await expect(asked(principalOf(wallet))).rejects.toMatchObject({ code: "conflict" });
    await chain.client.setBalance({ address: wallet, value: 0n });
    expect(await asked(principalOf(wallet))).toMatchObject({ amountMicro: "0", txHashes: [expect.any(String)] });
  });

  test("gives nothing to nobody, and nothing where there is none", async () => {
    await expect(asked(ANONYMOUS)).rejects.toMatchObject({ code: "unauthenticated" });
    const without = { ...services.config, pool: { ...chain.config.pool, faucetKey: null } };
    await expect(asked(principalOf(devAccount(32).address), without)).rejects.toMatchObject({ code: "forbidden" });
    await expect(asked(principalOf(devAccount(32).address), { ...services.config, pool: null })).rejects.toMatchObject({ code: "no_pool" });
  });
});

describe("the pool", () => {
  test("is told to everybody with its terms, and not before its contracts were seen, nor where there is none", async () => {
    expect((await getChain({ ...services, principal: ANONYMOUS }, {})).pool).toMatchObject({
      chainId: 31_337,
      coin: "TST",
      feeBps: 500,
      hasFaucet: true,
      frozen: null,
    });
    expect(await getChain({ ...services, config: { ...services.config, pool: null }, principal: ANONYMOUS }, {})).toEqual({ pool: null, furtherPools: [] });
  });

  test("stops where the settings contradict the chain or the books, with what to change", async () => {
    const pool = { ...chain.config.pool, escrow: NOBODY } as const;
    await expect(runPayouts({ ...services, config: { ...services.config, pool } })).rejects.toThrow("the books of this instance are about");
    await expect(runPayouts({ ...services, config: { ...services.config, asset: "EURC" } })).rejects.toThrow("set ASSET=dUSD");
    const other = await openTestServices({ ...chain.config, chain: { ...chain.config.chain, id: 5 } });
    await expect(runPayouts(other)).rejects.toThrow("leads to chain 31337, not to 5");
    await other.close();
  });
});
