import {
  type Address,
  concatHex,
  createWalletClient,
  encodeAbiParameters,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  http,
  publicActions,
  serializeErc6492Signature,
  zeroHash,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getMe, signIn } from "#lib/protocol/accounts/accounts.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { type Compiled, compileContractWallet } from "./testing/contract-wallet.ts";
import { openCaller } from "./testing/open-caller.ts";
import { type Anvil, startAnvil } from "./testing/start-anvil.ts";
import { askNonce, makeWallet, writeMessage } from "./testing/test-wallet.ts";
import { isSignedByWallet } from "./wallet-signature.ts";

const CHAIN_ID = 31_337;
/** The first account of every anvil: public, and rich there. */
const FUNDED = privateKeyToAccount("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const owner = makeWallet("owner of a contract wallet");
const stranger = makeWallet("stranger");
const message = "A text to sign.";

let anvil: Anvil;
let services: TestServices;
let chain: { rpcUrl: string | null; id: number };
let deployed: Address;
let factory: { address: Address; contract: Compiled };
let walletCode: Compiled;

beforeAll(async () => {
  anvil = await startAnvil(CHAIN_ID);
  chain = { rpcUrl: anvil.rpcUrl, id: CHAIN_ID };
  services = await openTestServices({ chain });
  const contracts = compileContractWallet();
  walletCode = contracts.wallet;
  deployed = await deploy(contracts.wallet, [owner.address]);
  factory = { address: await deploy(contracts.factory, []), contract: contracts.factory };
});
afterAll(async () => {
  await services?.close();
  await anvil?.stop();
});

async function deploy({ abi, bytecode }: Compiled, args: unknown[]): Promise<Address> {
  const client = createWalletClient({ account: FUNDED, transport: http(anvil.rpcUrl) }).extend(publicActions);
  const hash = await client.deployContract({ abi, bytecode, args, chain: null });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  if (!contractAddress) throw new Error("the contract was not deployed");
  return contractAddress;
}

/** Where the factory will put the wallet of an owner, and a signature that says how to get it there. */
function counterfactual(ownerAddress: Address, signature: Hex): { address: Address; signature: Hex } {
  const bytecode = concatHex([walletCode.bytecode, encodeAbiParameters([{ type: "address" }], [ownerAddress])]);
  const address = getContractAddress({ opcode: "CREATE2", from: factory.address, salt: zeroHash, bytecode });
  const data = encodeFunctionData({ abi: factory.contract.abi, functionName: "create", args: [ownerAddress] });
  return { address, signature: serializeErc6492Signature({ address: factory.address, data, signature }) };
}

describe("a signature holds", () => {
  test("of a key, without any chain", async () => {
    const signature = await owner.signMessage({ message });
    expect(await isSignedByWallet({ rpcUrl: null, id: 1 }, { address: owner.address, message, signature })).toBe(true);
  });

  test("of a contract wallet, where the contract says so (ERC-1271)", async () => {
    const signature = await owner.signMessage({ message });
    expect(await isSignedByWallet(chain, { address: deployed, message, signature })).toBe(true);
  });

  test("of a contract wallet that is not deployed yet (ERC-6492), and of the same one afterwards", async () => {
    const { address, signature } = counterfactual(owner.address, await owner.signMessage({ message }));
    expect(await isSignedByWallet(chain, { address, message, signature })).toBe(true);
    const client = createWalletClient({ account: FUNDED, transport: http(anvil.rpcUrl) }).extend(publicActions);
    const hash = await client.writeContract({
      address: factory.address,
      abi: factory.contract.abi,
      functionName: "create",
      args: [owner.address],
      chain: null,
    });
    await client.waitForTransactionReceipt({ hash, pollingInterval: 50 });
    expect(await isSignedByWallet(chain, { address, message, signature })).toBe(true);
    expect(await isSignedByWallet(chain, { address, message, signature: await owner.signMessage({ message }) })).toBe(true);
  });
});

describe("a signature does not hold", () => {
  test("of another key, of another text, or of a key for a contract it does not own", async () => {
    const theirs = await stranger.signMessage({ message });
    expect(await isSignedByWallet(chain, { address: owner.address, message, signature: theirs })).toBe(false);
    expect(await isSignedByWallet(chain, { address: deployed, message, signature: theirs })).toBe(false);
    expect(await isSignedByWallet(chain, { address: deployed, message: "Another text.", signature: await owner.signMessage({ message }) })).toBe(false);
  });

  test("of a contract wallet where the instance has no chain", async () => {
    const signature = await owner.signMessage({ message });
    expect(await isSignedByWallet({ rpcUrl: null, id: CHAIN_ID }, { address: deployed, message, signature })).toBe(false);
  });

  test("for an address that the factory named beside it does not make", async () => {
    const mine = counterfactual(stranger.address, await stranger.signMessage({ message }));
    const theirs = counterfactual(owner.address, await owner.signMessage({ message }));
    expect(await isSignedByWallet(chain, { address: mine.address, message, signature: mine.signature })).toBe(true);
    expect(await isSignedByWallet(chain, { address: theirs.address, message, signature: mine.signature })).toBe(false);
    expect(await isSignedByWallet(chain, { address: owner.address, message, signature: mine.signature })).toBe(false);
  });

  test("made of bytes that only end like one of the wrapped kinds", async () => {
    const endings: Hex[] = [`0x${"6492".repeat(16)}`, `0x${"8010".repeat(16)}`];
    const starts: Hex[] = ["0x", "0x00", `0x${"ff".repeat(32)}`, `0x${"00".repeat(64)}`, `0x${"ab".repeat(300)}`];
    for (const signature of ["0x00" as Hex, ...endings.flatMap((ending) => starts.map((start) => concatHex([start, ending])))]) {
      expect([signature, await isSignedByWallet(chain, { address: deployed, message, signature })]).toEqual([signature, false]);
    }
  });
});

describe("a chain that cannot be asked is said to be so, never a wrong signature", () => {
  test("where nothing answers", async () => {
    const signed = { address: deployed, message, signature: await owner.signMessage({ message }) };
    await expect(isSignedByWallet({ rpcUrl: "http://127.0.0.1:1", id: CHAIN_ID }, signed)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("where another chain answers", async () => {
    const signed = { address: deployed, message, signature: await owner.signMessage({ message }) };
    await expect(isSignedByWallet({ rpcUrl: anvil.rpcUrl, id: 1 }, signed)).rejects.toMatchObject({ code: "unavailable" });
  });
});

test("a contract wallet signs in, and its owner's key alone is another account", async () => {
  const call = openCaller(services);
  const enter = async (address: Address) => {
    const text = writeMessage(services, { address, nonce: await askNonce(call) });
    return await call(signIn, { message: text, signature: await owner.signMessage({ message: text }) });
  };
  const [contract, key] = [await enter(deployed), await enter(owner.address)];
  expect([contract.body.address, key.body.address]).toEqual([deployed, owner.address].map((address) => expect.stringMatching(new RegExp(`^${address}$`, "i"))));
  const me = await call(getMe, {}, { cookie: contract.setCookie.split(";", 1)[0] ?? "" });
  expect(me.body.id).toBe(contract.body.id);
  expect(me.body.id).not.toBe(key.body.id);
});
