import { join } from "node:path";
import { buildCli } from "./packages/build-cli.ts";
import { buildSdk } from "./packages/build-sdk.ts";
import { ROOT } from "./packages/write-package.ts";

/* `npm run build:packages`: the SDK and the command line as packages in `dist/`, ready for `npm pack`. */
await buildSdk(join(ROOT, "dist/sdk"));
await buildCli(join(ROOT, "dist/cli"));
console.log("dist/sdk and dist/cli are ready; “npm pack” inside of them makes the files that npm installs.");
