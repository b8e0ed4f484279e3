import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { STATES } from "../e2e/looks/states.ts";
import { ensureChromium } from "./ensure-chromium.ts";
import { buildApp } from "./instance/build-app.ts";

/*
 * `npm run pictures`: draws the pictures of every state in `e2e/looks/states.ts` that has none or looks otherwise, and deletes those of states that are gone.
 * `npm run pictures -- network-full jobs` draws only the states whose names begin so. What has to be looked at afterwards is what Git shows as changed.
 */
const ROOT = join(import.meta.dirname, "..");
const PICTURES = join(ROOT, "e2e/looks/pictures");
/** Name, width and theme, as `check-look.ts` writes them. */
const PICTURE = /^(?<state>.+)-\d+-(?:light|dark)\.png$/;

const wanted = process.argv.slice(2);
const names = new Set(STATES.map(({ name }) => name));
const unknown = wanted.filter((start) => ![...names].some((name) => name.startsWith(start)));
if (unknown.length > 0) throw new Error(`No state in e2e/looks/states.ts begins with ${unknown.join(", ")}.`);

const gone = readdirSync(PICTURES).filter((file) => !names.has(PICTURE.exec(file)?.groups?.state ?? file) && file.endsWith(".png"));
for (const file of gone) rmSync(join(PICTURES, file));
buildApp(ROOT, {}, () => console.log("Building the app, which takes about a minute."));
const only = wanted.length > 0 ? ["--grep", ` (?:${wanted.join("|")})`] : [];
const { status } = spawnSync("playwright", ["test", "--project=looks", "--update-snapshots", ...only], {
  cwd: ROOT,
  env: { ...process.env, CHROMIUM_PATH: ensureChromium(), SHOAL_DRAW_PICTURES: wanted.length > 0 ? "" : "1" },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
