// Writes expected/clusters.bin without a GPU, in double precision:
//
//   node examples/nbody-gpu/generate-expected.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { followCluster, toBytes } from "./nbody-reference.ts";

const CLUSTERS = 12;
const clusters = Array.from({ length: CLUSTERS }, (_, seed) => toBytes(followCluster(seed)));
writeFileSync(join(import.meta.dirname, "expected", "clusters.bin"), Buffer.concat(clusters));
