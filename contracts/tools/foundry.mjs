// node contracts/tools/foundry.mjs <forge | anvil> [arguments…]: runs the program with this project's settings and ends with its exit code.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { foundryBinary } from "./foundry-binary.mjs";

const [tool = "", ...options] = process.argv.slice(2);
if (tool !== "forge" && tool !== "anvil") {
  process.stderr.write("Usage: node contracts/tools/foundry.mjs <forge | anvil> [arguments…]\n");
  process.exit(2);
}

const contracts = dirname(dirname(fileURLToPath(import.meta.url)));
const env = { ...process.env, FOUNDRY_CONFIG: join(contracts, "foundry.toml") };
const child = spawn(foundryBinary(tool), options, { cwd: dirname(contracts), env, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`${tool} did not start: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
