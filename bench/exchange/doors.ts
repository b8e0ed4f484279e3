import { existsSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "../../scripts/processes/free-port.ts";

export type DoorKind = "gateway" | "next";
export type Door = { origin: string; nodeArgs: string[]; env: Record<string, string> };

const ROOT = join(import.meta.dirname, "..", "..");

/** How to start the exchange's door on a free port: alone on the bare gateway, or inside the whole app. */
export async function chooseDoor(kind: DoorKind): Promise<Door> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  if (kind === "gateway") return { origin, nodeArgs: ["--conditions=react-server", join(ROOT, "ops/gateway.ts")], env: { GATEWAY_PORT: String(port) } };
  const next = join(ROOT, "node_modules/next/dist/bin/next");
  return { origin, nodeArgs: [next, "start", ROOT, "-p", String(port), "-H", "127.0.0.1"], env: { NEXT_TELEMETRY_DISABLED: "1" } };
}

/** Whether `next build` left something to start. */
export function isAppBuilt(): boolean {
  return existsSync(join(ROOT, ".next", "BUILD_ID"));
}
