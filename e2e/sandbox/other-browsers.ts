import { existsSync } from "node:fs";
import puppeteer, { type Page } from "puppeteer-core";

const FIREFOX = process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr";

/** Why the story of Firefox cannot be told on this machine; null when it can. */
export function whyNoFirefox(): string | null {
  return existsSync(FIREFOX) ? null : `Firefox is not at ${FIREFOX}: apt-get install firefox-esr, or set FIREFOX_PATH`;
}

/** Does something in a page of a Firefox of its own, driven through WebDriver BiDi. */
export async function inFirefox<T>(visit: (page: Page) => Promise<T>): Promise<T> {
  return await inBrowser({ browser: "firefox", executablePath: FIREFOX }, visit);
}

/** Does something in a page of a Chromium of its own. Playwright gives a page up when the process of one of its frames dies; this driver goes on. */
export async function inChromium<T>(visit: (page: Page) => Promise<T>): Promise<T> {
  return await inBrowser({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic"] }, visit);
}

async function inBrowser<T>(options: Parameters<typeof puppeteer.launch>[0], visit: (page: Page) => Promise<T>): Promise<T> {
  const browser = await puppeteer.launch({ headless: true, ...options });
  try {
    return await visit(await browser.newPage());
  } finally {
    await browser.close();
  }
}

/** Ends the process that holds the frame at this path, as a crash would. */
export async function crashFrame(page: Page, path: string): Promise<void> {
  const target = page
    .browser()
    .targets()
    .find((candidate) => candidate.url().endsWith(path));
  if (!target) throw new Error(`${path} is not in a process of its own`);
  const session = await target.createCDPSession();
  // The crash takes the answer with it.
  session.send("Page.crash").catch(() => null);
}
