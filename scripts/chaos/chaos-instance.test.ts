import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createRandom } from "#bench/trust/random.ts";
import { openChaosInstance } from "./chaos-instance.ts";

/** Long enough for an app to answer that it cannot. */
const START_MS_MAX = 20_000;

afterEach(() => vi.unstubAllEnvs());

test.runIf(process.platform === "linux")("an instance that cannot start leaves no process behind", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "shoal-chaos-"));
  // No app starts with such a setting.
  vi.stubEnv("UNLINKED_DAYS", "never");
  await expect(openChaosInstance({ folder, random: createRandom(1), door: "routes", startMsMax: START_MS_MAX })).rejects.toThrow("UNLINKED_DAYS");
  // It was there: its state is what it writes every second, and at its end.
  expect(readdirSync(join(folder, "chain"))).toContain("state.json");
  expect(namingInCommand(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

/** The processes whose command line names a text. */
function namingInCommand(text: string): string[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      return command.includes(text) ? [command] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
