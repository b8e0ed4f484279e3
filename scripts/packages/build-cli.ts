import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { ROOT, writePackage } from "./write-package.ts";

/** Programs that the command starts as threads or processes of their own; each is one file beside it. */
const PROGRAMS = {
  shoal: "cli/shoal.ts",
  "executor.node.worker": "workers/executor/executor.node.worker.ts",
  "contained-child": "cli/volunteer/contained/contained-child.ts",
  "gpu-child": "cli/volunteer/gpu/gpu-child.ts",
  guardian: "ops/guardian.ts",
} as const;

/** Where one program names the file of another, and the name that has in the package. */
const NAMED = /new URL\("(?<url>[^"]+)\.ts", import\.meta\.url\)|resolve\(import\.meta\.dirname, "(?<path>[^"]+)\.ts"\)/g;

/** Modules from npm that are CommonJS reach Node's own through `require`, which a module does not have by itself. */
const REQUIRE = 'import { createRequire as createRequire__ } from "node:module"; const require = createRequire__(import.meta.url);';

/**
 * Bundles the command line into `folder` as a package without dependencies: Node strips no types inside of node_modules. The kernels of `shoal volunteer` need the package
 * `webgpu`, which whoever wants them installs beside it.
 */
export async function buildCli(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: PROGRAMS,
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    conditions: ["react-server"],
    // Both are asked for only where they are installed.
    external: ["webgpu", "pg-native"],
    banner: { js: REQUIRE },
    plugins: [besideEachOther],
    legalComments: "eof",
  });
  await chmod(join(folder, "shoal.js"), 0o755);
  await writePackage(folder, {
    name: "@shoal-compute/cli",
    description: "Shoal's command line: have jobs computed, or lend this machine.",
    readme: await readFile(join(ROOT, "docs/guide/use-the-terminal.md"), "utf8"),
    fields: {
      bin: { shoal: "shoal.js" },
      engines: { node: ">=24" },
      peerDependencies: { webgpu: "0.6.2" },
      peerDependenciesMeta: { webgpu: { optional: true } },
    },
  });
}

/** Leads from one program to the other in the package's one folder. The child that runs strangers' programs is a single file already, so nothing bundles it at run time. */
const besideEachOther: Plugin = {
  name: "beside-each-other",
  setup({ onLoad }) {
    onLoad({ filter: /\/cli\/.*\.ts$/ }, async ({ path }) => {
      if (basename(path) === "bundle-child.ts")
        return {
          contents: 'import { fileURLToPath } from "node:url"; export const bundleChild = async (entry) => fileURLToPath(entry);',
          loader: "js",
          resolveDir: dirname(path),
        };
      const source = await readFile(path, "utf8");
      const contents = source.replace(NAMED, (...match) => {
        const { url, path: named } = match.at(-1) as { url?: string; path?: string };
        const name = basename(url ?? named ?? "");
        if (!Object.hasOwn(PROGRAMS, name)) throw new Error(`${path} names the program ${name}, which is not in the package`);
        return url === undefined ? `resolve(import.meta.dirname, "${name}.js")` : `new URL("${name}.js", import.meta.url)`;
      });
      return { contents, loader: "ts", resolveDir: dirname(path) };
    });
  },
};
