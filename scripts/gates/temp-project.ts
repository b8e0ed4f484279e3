import { execFile } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..", "..");

/** Everything in this project that tools read as source or settings, by path. */
export function listSources(): string[] {
  const exclude = ["**/node_modules/**", ".git/**", ".next/**", ".local/**", "test-results/**", "playwright-report/**"];
  return globSync(["**/*.{ts,tsx,mts,js,mjs,json,jsonc,css}", ".gitignore"], { cwd: ROOT, exclude }).sort();
}

export type TempProject = {
  folder: string;
  /** Writes files by their paths in the project. */
  write(files: Readonly<Record<string, string>>): void;
  /** Runs one of the installed tools in the project; resolves with what it said, whatever its exit code. */
  run(tool: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  remove(): void;
};

/** A project of its own in a temporary folder: these files or folders of this one, copied, and the installed packages. */
export function makeTempProject(copied: readonly string[]): TempProject {
  const folder = mkdtempSync(join(tmpdir(), "shoal-gates-"));
  for (const path of copied) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    run: (tool, args) =>
      new Promise((done, fail) => {
        const options = { cwd: folder, env: { ...process.env, NO_COLOR: "1" }, maxBuffer: 64 * 1024 * 1024 };
        execFile(join(ROOT, "node_modules/.bin", tool), [...args], options, (error, stdout, stderr) => {
          if (error && typeof error.code !== "number") fail(error);
          else done({ code: Number(error?.code ?? 0), stdout, stderr });
        });
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
