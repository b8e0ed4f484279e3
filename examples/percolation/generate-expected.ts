// Writes expected/thresholds.csv by running every shard of job.json with the committed program:
//
//   node examples/percolation/generate-expected.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { runJobFile } from "../../scripts/tutorials/run-job-file.ts";

const folder = import.meta.dirname;
const job = jobFile.parse(JSON.parse(readFileSync(join(folder, "job.json"), "utf8")));
const result = await runJobFile(job, { folder, program: readFileSync(join(folder, "percolation.wasm")) });
writeFileSync(join(folder, "expected", "thresholds.csv"), result);
