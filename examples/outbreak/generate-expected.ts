// Writes expected/outbreaks.csv by running every shard of job.json with the committed program:
//
//   node examples/outbreak/generate-expected.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { runJobFile } from "../../scripts/tutorials/run-job-file.ts";

const folder = import.meta.dirname;
const job = jobFile.parse(JSON.parse(readFileSync(join(folder, "job.json"), "utf8")));
const result = await runJobFile(job, { folder, program: readFileSync(join(folder, "outbreak.wasm")) });
writeFileSync(join(folder, "expected", "outbreaks.csv"), result);
