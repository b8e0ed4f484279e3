import { createHash } from "node:crypto";
import type { Random } from "#bench/trust/random.ts";
import type { JobRequest } from "#sdk/job-request.ts";
import { answerOf, SHOUTING_PROGRAM } from "../light-devices/shouting.ts";

/** `quorum` two devices must agree; `large` the same with outputs that have to be uploaded; `held` one execution, checked afterwards, final when its window closes. */
export const CHAOS_TOPICS = ["quorum", "large", "held"] as const;
export type ChaosTopic = (typeof CHAOS_TOPICS)[number];

/** A job whose result is known before it runs. */
export type ChaosJob = { request: JobRequest; topic: ChaosTopic; shards: string[]; expectedSha256: string };

const WORDS = ["shoal", "tide", "reef", "kelp", "plankton", "current", "lagoon", "harbour"];
/** A line of a `large` job: two of them make an output that does not fit into a report. */
const LARGE_LINE_BYTES = 6000;
const LINES_PER_SHARD = 2;
const PRICE_MICRO = "100";

export function drawJob(topic: ChaosTopic, shardCount: number, random: Random): ChaosJob {
  const lines = Array.from({ length: shardCount * LINES_PER_SHARD }, () => drawLine(topic, random));
  const shards = Array.from({ length: shardCount }, (_, no) => lines.slice(no * LINES_PER_SHARD, (no + 1) * LINES_PER_SHARD).join(""));
  const expected = Buffer.concat(shards.map((text, no) => answerOf(no, Buffer.from(text))));
  const request: JobRequest = {
    name: `Chaos ${topic}`,
    topic,
    program: SHOUTING_PROGRAM,
    args: ["{shard}"],
    input: lines.join(""),
    slicing: { mode: "lines", linesPerShard: LINES_PER_SHARD },
    price: { replicaMicro: PRICE_MICRO },
    verification: topic === "held" ? { assurance: "standard" } : { quorum: 2, replicasMax: 8 },
  };
  return { request, topic, shards, expectedSha256: createHash("sha256").update(expected).digest("hex") };
}

function drawLine(topic: ChaosTopic, random: Random): string {
  const words = Array.from({ length: 3 + random.below(6) }, () => WORDS[random.below(WORDS.length)] ?? "");
  return `${words.join(" ").padEnd(topic === "large" ? LARGE_LINE_BYTES : 0, ` ${random.below(1000)}`)}\n`;
}
