import { execFile } from "node:child_process";
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { ROOT, writePackage } from "./write-package.ts";

/** What the package offers, by the module that has it. Each is a file of its own, so that a bundler takes only what is imported. */
const OFFERED = {
  "sdk/shoal.ts": { values: ["createShoal"], types: ["RunOptions", "Shoal"] },
  "sdk/job.ts": { values: ["Job"], types: ["Download", "WatchOptions"] },
  "sdk/errors.ts": { values: ["JobEndedError", "ShardFailedError"], types: [] },
  "lib/client/api/api.ts": { values: ["OfflineError"], types: [] },
  "lib/protocol/errors.ts": { values: ["ApiError", "ERROR_CODES"], types: ["ErrorCode"] },
  "sdk/connection.ts": { values: [], types: ["ShoalOptions"] },
  "sdk/follow-outputs.ts": { values: [], types: ["FollowOptions", "ShardResult"] },
  "sdk/job-request.ts": { values: [], types: ["JobRequest"] },
  "sdk/map.ts": { values: [], types: ["MapOptions"] },
  "sdk/source.ts": { values: [], types: ["Source"] },
  "sdk/upload.ts": { values: [], types: ["UploadOptions", "UploadProgress"] },
  "lib/protocol/jobs/funders.ts": { values: [], types: ["JobFunders"] },
  "lib/protocol/jobs/insight.ts": { values: [], types: ["FailureGroups"] },
  "lib/protocol/jobs/members.ts": { values: [], types: ["JobMembers"] },
  "lib/protocol/jobs/jobs.ts": { values: [], types: ["JobSummary", "JobView"] },
} as const;
const MODULES = Object.keys(OFFERED);
const SPECIFIER = /(?<=\bfrom "|\bimport\(")(?:#|\.{1,2}\/|zod\b)[^"]*(?=")/g;

/** Builds the SDK into `folder` as a package without dependencies: modules for pages and Node, and their types, zod's among them. */
export async function buildSdk(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(OFFERED).flatMap(([path, { values }]) => (values.length > 0 ? [path] : [])),
    outdir: join(folder, "modules"),
    outbase: ROOT,
    bundle: true,
    splitting: true,
    platform: "browser",
    format: "esm",
    target: "es2023",
    legalComments: "eof",
  });
  await writeTypes(join(folder, "types"));
  await writeFile(
    join(folder, "index.js"),
    indexOf(({ values }) => values, "modules"),
  );
  await writeFile(
    join(folder, "index.d.ts"),
    indexOf(({ values, types }) => [...values, ...types.map((name) => `type ${name}`)], "types"),
  );
  await writePackage(folder, {
    name: "@shoal-compute/sdk",
    description: "Submit jobs to an instance of Shoal and read their results, in pages and in Node.",
    readme: (await readFile(join(ROOT, "docs/guide/use-the-sdk.md"), "utf8")).replaceAll("#sdk/shoal.ts", "@shoal-compute/sdk"),
    fields: { exports: { ".": { types: "./index.d.ts", default: "./index.js" } }, types: "./index.d.ts", engines: { node: ">=20" } },
  });
}

type Offer = { values: readonly string[]; types: readonly string[] };

function indexOf(namesOf: (offer: Offer) => readonly string[], place: string): string {
  const lines = Object.entries(OFFERED).map(([path, offer]) => ({ names: namesOf(offer), path: path.replace(/\.ts$/, ".js") }));
  return lines.map(({ names, path }) => (names.length > 0 ? `export { ${names.join(", ")} } from "./${place}/${path}";\n` : "")).join("");
}

/** Declarations of every module that the offered ones lead to, and those of zod, each naming the others by where they lie in the package. */
async function writeTypes(folder: string): Promise<void> {
  await mkdir(join(ROOT, ".local"), { recursive: true });
  const work = await mkdtemp(join(ROOT, ".local", "types-"));
  try {
    const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, incremental: false, rootDir: ROOT, outDir: folder, plugins: [] };
    const tsconfig = { extends: join(ROOT, "tsconfig.json"), compilerOptions, include: [], files: MODULES.map((path) => join(ROOT, path)) };
    await writeFile(join(work, "tsconfig.json"), JSON.stringify(tsconfig));
    await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", work], { cwd: ROOT });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  for await (const path of glob("**/*.d.ts", { cwd: folder })) await rewrite(join(folder, path), folder);
  const zod = join(ROOT, "node_modules/zod");
  for await (const path of glob("{index,v4/**/*}.d.ts", { cwd: zod })) await cp(join(zod, path), join(folder, "zod", path));
  await cp(join(zod, "LICENSE"), join(folder, "zod", "LICENSE"));
}

async function rewrite(path: string, types: string): Promise<void> {
  const text = await readFile(path, "utf8");
  const place = (target: string) => {
    const found = relative(dirname(path), join(types, target));
    return found.startsWith(".") ? found : `./${found}`;
  };
  const named = (specifier: string) => {
    if (specifier === "zod") return place("zod/index.js");
    return (specifier.startsWith("#") ? place(specifier.slice(1)) : specifier).replace(/\.ts$/, ".js");
  };
  await writeFile(path, text.replace(SPECIFIER, named));
}
