import { defineConfig } from "@playwright/test";

const TEST_MS_MAX = 120_000;
const EXPECT_MS_MAX = 10_000;
/**
 * What the browser leaves out: Playwright's own list, since the last list on a command line is the only one that counts, and the suggestions under the address bar, which
 * are two pages of their own beside each page that is opened.
 */
const LEFT_OUT = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "TcpPortRandomizationWin",
  "ThirdPartyStoragePartitioning",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
];
/** Set by the global setup, before the workers read this file again. */
const baseURL = process.env.SHOAL_E2E_URL;

/** Stories of people in a real browser against a whole instance with its own database; `npm run build` comes before. */
export default defineConfig({
  testDir: "./e2e",
  testMatch: "**/*.spec.ts",
  snapshotPathTemplate: "./e2e/looks/pictures/{arg}{ext}",
  globalSetup: "./e2e/global-setup.ts",
  // Stories compute for real, and browsers draw without a GPU: side by side they would only wait for each other.
  workers: 1,
  projects: [
    { name: "stories", testIgnore: "looks/**" },
    { name: "looks", testMatch: "looks/*.spec.ts" },
  ],
  timeout: TEST_MS_MAX,
  expect: { timeout: EXPECT_MS_MAX },
  forbidOnly: true,
  // A browser on a busy machine stalls now and then; what passes only at the second try is listed as flaky at the end.
  retries: 1,
  reporter: "list",
  use: {
    ...(baseURL ? { baseURL } : {}),
    // A trace draws and keeps every step, which takes a fifth of the time: only what failed once is traced, when it is tried again.
    trace: "on-first-retry",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--disable-features=${LEFT_OUT.join(",")}`,
      ],
    },
  },
});
