import { describe, expect, test } from "vitest";
import { onChain, onEveryChain } from "../chain/choose-chain.ts";
import { readConfig } from "./config.ts";

const ESCROW = `0x${"Ab".repeat(20)}`;
const KEY = `0x${"1".repeat(64)}`;
const FIRST = {
  DATABASE_URL: "postgres://localhost/shoal",
  PUBLIC_URL: "https://shoal.example",
  SESSION_SECRET: "a secret that only tests know, 32+ characters",
  BLOB_FOLDER: "/tmp/blobs",
  CHAIN_RPC_URL: "https://rpc.example/one",
  POOL_ESCROW: ESCROW,
  POOL_START_BLOCK: "17",
  POOL_OPERATOR_KEY: KEY,
};
const BASE = { CHAIN_RPC_URL: "https://rpc.example/base", CHAIN_ID: 8453, CHAIN_NAME: "Base", POOL_ESCROW: ESCROW };
const read = (chains: unknown, settings: Record<string, string> = FIRST) =>
  readConfig({ ...settings, FURTHER_CHAINS: typeof chains === "string" ? chains : JSON.stringify(chains) });

describe("FURTHER_CHAINS", () => {
  test("takes the settings of a chain, and defaults instead of the first chain's values", () => {
    const { furtherChains, purse } = read([{ ...BASE, CHAIN_COIN: "POL", POOL_CONFIRMATIONS: "5" }]);
    expect(purse).toBe(0);
    expect(furtherChains).toMatchObject([
      {
        chain: { id: 8453, rpcUrl: BASE.CHAIN_RPC_URL },
        pool: { chainName: "Base", coin: "POL", escrow: ESCROW.toLowerCase(), startBlock: 0, confirmations: 5, operatorKey: null },
      },
    ]);
    expect(readConfig(FIRST).furtherChains).toEqual([]);
  });

  test("puts a chain at hand by its number, always with the same settings, and refuses others", () => {
    const config = read([BASE, { ...BASE, CHAIN_ID: 10, CHAIN_NAME: "Optimism" }]);
    expect(onEveryChain({ config }).map((one) => [one.config.chain.id, one.config.purse])).toEqual([
      [1, 0],
      [8453, 8453],
      [10, 10],
    ]);
    expect(onChain({ config }, undefined).config).toBe(config);
    expect(onChain({ config }, 1).config).toBe(config);
    expect(onChain({ config }, 10).config).toBe(onChain({ config }, 10).config);
    expect(onChain({ config }, 10).config).toMatchObject({ purse: 10, pool: { chainName: "Optimism" }, publicUrl: FIRST.PUBLIC_URL });
    expect(() => onChain({ config }, 5)).toThrow(expect.objectContaining({ code: "chain_unknown", params: { chainId: "5", chains: "1, 8453, 10" } }));
  });

  test.each<[string, unknown, string]>([
    ["no JSON", "8453", "must be a JSON list"],
    ["broken JSON", "[{", "must be a JSON list"],
    ["no object", ["8453"], "must be an object of settings"],
    ["no contracts", [{ ...BASE, POOL_ESCROW: undefined }], "FURTHER_CHAINS.0.POOL_ESCROW"],
    ["no name", [{ ...BASE, CHAIN_NAME: undefined }], "FURTHER_CHAINS.0.CHAIN_NAME"],
    ["a coin that wallets do not take", [{ ...BASE, CHAIN_COIN: "a long coin" }], "FURTHER_CHAINS.0.CHAIN_COIN"],
    ["a setting of the instance", [{ ...BASE, SESSION_SECRET: "s" }], "SESSION_SECRET is no setting of a chain"],
    ["the first chain once more", [{ ...BASE, CHAIN_ID: 1 }], "CHAIN_ID 1 is named twice"],
    ["a chain twice", [BASE, BASE], "CHAIN_ID 8453 is named twice"],
    ["one key for two wallets", [{ ...BASE, POOL_OPERATOR_KEY: KEY, POOL_RELAYER_KEY: KEY }], "Base: POOL_RELAYER_KEY: must be another key"],
    ["a faucet in production", [{ ...BASE, FAUCET_KEY: KEY }], "Base: FAUCET_KEY: is for DEMO"],
  ])("refuses %s", (_, chains, problem) => {
    expect(() => read(chains)).toThrow(problem);
  });

  test("needs contracts on the first chain", () => {
    expect(() => read([BASE], { ...FIRST, POOL_ESCROW: undefined as never })).toThrow("FURTHER_CHAINS: needs POOL_ESCROW");
  });
});
