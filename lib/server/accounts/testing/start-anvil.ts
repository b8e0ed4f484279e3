import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const START_TIMEOUT_MS = 20_000;

export type Anvil = { rpcUrl: string; stop(): Promise<void> };

/** A chain of its own on a free port: the platform's binary itself, because the package's script would leave it behind when it is stopped. */
export async function startAnvil(chainId: number): Promise<Anvil> {
  const child = spawn(findBinary(), ["--host", "127.0.0.1", "--port", "0", "--chain-id", String(chainId)], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await gone;
  };
  try {
    return { rpcUrl: `http://${await readAddress(child)}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function findBinary(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  // npm places the platform's package beside the one that asks for it.
  const folder = dirname(dirname(require.resolve("@foundry-rs/anvil/package.json")));
  return join(folder, `anvil-${process.platform}-${arch}`, "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
}

async function readAddress(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => reject(new Error("anvil did not start in time")), START_TIMEOUT_MS);
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    const address = /Listening on (\S+)/.exec(text)?.[1];
    if (address) resolve(address);
  });
  child.once("error", reject);
  child.once("exit", () => reject(new Error(`anvil ended before it listened:\n${text}`)));
  return await promise.finally(() => clearTimeout(timer));
}
