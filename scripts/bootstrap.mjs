/*
 * The way into every command of this project: `node scripts/bootstrap.mjs [node options] <entry> [arguments…]`.
 *
 * It runs on whatever Node the machine has, before anything is installed, so it is plain JavaScript that imports nothing from node_modules.
 * It installs the locked dependencies when they are missing or out of date, proves that the native parts run, and goes on with <entry> under the
 * Node that package.json pins. This first file stays readable to very old versions of Node, so that they can be refused with words.
 */
const NODE_MAJOR_MIN = 20;

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
  console.error(
    `Shoal needs Node ${NODE_MAJOR_MIN} or newer to start; this is ${process.version}. Install a newer Node from https://nodejs.org and try again.`,
  );
  process.exit(1);
}

void import("./bootstrap/prepare-and-run.mjs").then(({ prepareAndRun }) => prepareAndRun(process.argv.slice(2)));
