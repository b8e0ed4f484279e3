import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const GALLERY = join(ROOT, "app/[lang]/(site)/design");
/** Frames around pages, and what is drawn inside another component that is shown. */
const AROUND_OR_INSIDE = [
  ...["Shell", "DocumentPage", "LiveShoal", "PictureView", "ReportDialog"],
  ...["DocInlines", "DocSearch", "DocView", "DocsNav", "Fold", "FoldedHeadings", "Neighbours", "OnThisPage"],
];

test("every component of lib/ui is on the page of the design", () => {
  const sources = globSync("lib/ui/**/*.tsx", { cwd: ROOT }).map((path) => readFileSync(join(ROOT, path), "utf8"));
  const components = sources.flatMap((source) => [...source.matchAll(/^export function ([A-Z]\w*)/gm)].map(([, name = ""]) => name));
  const gallery = globSync("*.tsx", { cwd: GALLERY }).map((path) => readFileSync(join(GALLERY, path), "utf8"));
  const isShown = (name: string) => gallery.some((source) => new RegExp(`<${name}[\\s/>]`).test(source));
  expect(components.length).toBeGreaterThan(30);
  expect(components.filter((name) => !isShown(name) && !AROUND_OR_INSIDE.includes(name))).toEqual([]);
});
