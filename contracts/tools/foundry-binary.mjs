import { createRequire } from "node:module";

const ARCHITECTURES = { x64: "amd64", arm64: "arm64" };

/**
 * The path of `forge` or `anvil` inside the package of this platform. The program is started by this path and not through the package's own
 * command, which ends with 0 also when tests failed and leaves its child running when it is killed.
 */
export function foundryBinary(tool) {
  const { platform } = process;
  const architecture = ARCHITECTURES[process.arch];
  const name = `@foundry-rs/${tool}-${platform}-${architecture}/bin/${tool}${platform === "win32" ? ".exe" : ""}`;
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(`${name} is not installed: there is no ${tool} for ${platform} ${process.arch}, or the packages were installed without optional ones.`, {
      cause,
    });
  }
}
