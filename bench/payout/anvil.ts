import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestClient, http, publicActions, walletActions } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { foundryBinary } from "../../contracts/tools/foundry-binary.mjs";

const START_MS_MAX = 20_000;
/** anvil's own development phrase: its accounts hold play money on every anvil chain. */
const MNEMONIC = "test test test test test test test test test test test junk";

/** The account of the development phrase with this number. */
export function devAccount(addressIndex: number) {
  return mnemonicToAccount(MNEMONIC, { addressIndex });
}

/** A chain of its own on a free port, with the rules of today's networks: a transaction may use 16.8 M gas. `stop` ends it. */
export async function startAnvil() {
  const port = await freePort();
  const options = ["--port", String(port), "--silent", "--hardfork", "osaka", "--enable-tx-gas-limit", "--mnemonic", MNEMONIC];
  const child = spawn(foundryBinary("anvil"), options, { stdio: "ignore" });
  const exited = once(child, "exit");
  const stopWithUs = (): void => {
    child.kill();
  };
  process.once("exit", stopWithUs);
  const client = createTestClient({ chain: foundry, mode: "anvil", transport: http(`http://127.0.0.1:${port}`), pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions);
  const stop = async (): Promise<void> => {
    process.off("exit", stopWithUs);
    child.kill();
    await exited;
  };
  const deadline = performance.now() + START_MS_MAX;
  while (!(await client.getChainId().catch(() => null))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error("anvil did not start.");
    }
    await sleep(20);
  }
  return { client, stop };
}

export type Chain = Awaited<ReturnType<typeof startAnvil>>["client"];

function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("There is no free port."))));
    });
  });
}
