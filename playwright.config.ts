import { defineConfig, devices } from "@playwright/test";
import { findFreePort } from "./scripts/processes/free-port.ts";

// Playwright's workers read this file again: the port chosen first reaches them through the environment.
process.env.E2E_PORT ??= String(await findFreePort());
const port = process.env.E2E_PORT;

export default defineConfig({
  testDir: "e2e",
  workers: 1,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    baseURL: `http://localhost:${port}`,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--enable-unsafe-webgpu",
      ],
    },
  },
  webServer: {
    command: `"${process.execPath}" e2e/serve-instance.ts`,
    url: `http://localhost:${port}/api/health`,
    env: { PORT: port },
    reuseExistingServer: false,
    timeout: 90_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
  },
});
