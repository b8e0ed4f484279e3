import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";
import { ensureChromium } from "./ensure-chromium.ts";

/*
 * Draws the pictures that cannot be SVG from the one that is: icons for home screens and the card that links are shown with. Run it after app/icon.svg or
 * the name changed, and look at what it drew: node scripts/draw-icons.ts
 */
const ROOT = join(import.meta.dirname, "..");
const ICON = readFileSync(join(ROOT, "app/icon.svg"), "utf8");
const FONT = pathToFileURL(join(ROOT, "node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2")).href;
/** Home screens cut icons to their own shape: what matters is in the inner four fifths. */
const MASKABLE = ICON.replace('rx="8"', "").replace('<g fill="#d9f2fb">', '<g fill="#d9f2fb" transform="translate(16 16) scale(.72) translate(-16 -16)">');

const card = `<style>@font-face{font-family:Geist;src:url(${FONT});font-weight:100 900}
body{margin:0;width:1200px;height:630px;background:#0a1117;color:#eef4f7;font-family:Geist;display:flex;flex-direction:column;justify-content:center;padding:0 96px;box-sizing:border-box}
svg{width:120px;height:120px}h1{font-size:70px;line-height:1.08;letter-spacing:-.02em;margin:48px 0 0}p{font-size:32px;color:#a9bac4;margin:28px 0 0}</style>
${ICON}<h1>Many open tabs.<br>One computer you can trust.</h1><p>Shoal · lend a tab, or run a program</p>`;

const FAVICON_SIDE = 32;

const PICTURES = [
  { file: "../favicon.ico", width: FAVICON_SIDE, height: FAVICON_SIDE, html: filling(ICON) },
  { file: "icon-192.png", width: 192, height: 192, html: filling(ICON) },
  { file: "icon-512.png", width: 512, height: 512, html: filling(ICON) },
  { file: "icon-maskable-512.png", width: 512, height: 512, html: filling(MASKABLE) },
  { file: "apple-touch-icon.png", width: 180, height: 180, html: filling(MASKABLE) },
  { file: "social-card.png", width: 1200, height: 630, html: card },
];

/** One PNG in an ICO (its directory of 6 + 16 bytes before it): what browsers ask for at /favicon.ico whatever a page says. */
function toIco(png: Buffer): Buffer {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt8(FAVICON_SIDE, 6);
  head.writeUInt8(FAVICON_SIDE, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

function filling(svg: string): string {
  return `<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`;
}

const browser = await chromium.launch({ executablePath: ensureChromium(), args: ["--no-sandbox", "--disable-background-networking"] });
try {
  for (const { file, width, height, html } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height } });
    // A file's page may load the font from disk; a page without an address may not.
    const path = join(ROOT, ".local", "icon.html");
    writeFileSync(path, `<!doctype html><meta charset="utf-8">${html}`);
    await page.goto(pathToFileURL(path).href);
    await page.evaluate(async () => await document.fonts.ready);
    const png = await page.screenshot({ omitBackground: true });
    writeFileSync(join(ROOT, "public/icons", file), file.endsWith(".ico") ? toIco(png) : png);
    await page.close();
    console.log(file);
  }
} finally {
  await browser.close();
}
