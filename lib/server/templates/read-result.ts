import "server-only";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Template, templateFolder } from "./read-template.ts";

/** The known result of a template: the beginning of a table, or bytes that are shown as a picture. */
type TemplateResult =
  | { kind: "table"; columns: string[]; rows: string[][]; rowsCount: number }
  | { kind: "picture"; picture: "counts" | "clusters"; path: string };

const PICTURES = { "expected/counts.bin": "counts", "expected/clusters.bin": "clusters" } as const;

/** Reads at most `rowsMax` rows of the result. The tables of templates have no quoted fields. */
export async function readTemplateResult({ id, files }: Template, rowsMax: number, root: string = process.cwd()): Promise<TemplateResult> {
  for (const { path } of files.filter(({ role }) => role === "result")) {
    const picture = Object.entries(PICTURES).find(([file]) => file === path)?.[1];
    if (picture) return { kind: "picture", picture, path };
    if (!path.endsWith(".csv")) continue;
    const [header = "", ...lines] = (await readFile(join(templateFolder(id, root), path), "utf8")).trimEnd().split("\n");
    return { kind: "table", columns: header.split(","), rows: lines.slice(0, rowsMax).map((line) => line.split(",")), rowsCount: lines.length };
  }
  throw new Error(`The template ${id} has no result that can be shown.`);
}
