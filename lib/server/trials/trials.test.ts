import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TRIAL_LIMITS } from "#lib/domain/errand/trial.ts";
import { createTrial as createEndpoint, getTrial as getEndpoint } from "#lib/protocol/trials/trials.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { ErrandDevice } from "#lib/testing/errand-device.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, upload } from "#lib/testing/submission.ts";
import { deleteExpired } from "../background/delete-expired.ts";
import type { Context } from "../context.ts";
import { createTrial } from "./create-trial.ts";
import { getTrial } from "./get-trial.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

const base64 = (text: string) => Buffer.from(text).toString("base64");
const digest = (text: string) => createHash("sha256").update(text).digest("hex");

async function world(name: "shout" | "misbehave" = "shout") {
  await services.db`update devices set trusted = false`;
  await services.db`update errands set state = 'dropped' where state in ('open', 'taken')`;
  const trusted = await ErrandDevice.open(services);
  await services.db`update devices set last_seen_at = ${services.clock.now()} where trusted`;
  const owner = await makeAccount(services);
  const program = await upload(owner.ctx, "program", await readTestProgram(name));
  return { trusted, owner, program };
}
const shard = (no: number, stdin: string, args: string[] = []) => ({ no, args, seed: "7", stdin: base64(stdin) });
const ask = async (ctx: Context, input: object) => (await createTrial(ctx, createEndpoint.input.parse(input))).trialId;
const look = async (ctx: Context, trialId: Awaited<ReturnType<typeof ask>>) => getEndpoint.output.parse(await getTrial(ctx, { trialId }));

test("a trusted device runs the shards as they are, and what it writes is shown; nothing of it costs anything", async () => {
  const { trusted, owner, program } = await world();
  const trialId = await ask(owner.ctx, { program, shards: [shard(0, "a\n", ["x"]), shard(3, "b\n")] });
  expect(await look(owner.ctx, trialId)).toMatchObject({
    isDeviceThere: true,
    shards: [
      { no: 0, ended: null },
      { no: 3, ended: null },
    ],
  });
  expect(await trusted.runAll()).toHaveLength(2);
  expect(await look(owner.ctx, trialId)).toMatchObject({
    shards: [
      { no: 0, ended: { outcome: "ok" }, outputSha256: digest("x A\n"), output: base64("x A\n") },
      { no: 3, ended: { outcome: "ok" }, outputSha256: digest("B\n"), output: base64("B\n") },
    ],
  });
  const stranger = await makeAccount(services);
  await expect(look(stranger.ctx, trialId)).rejects.toMatchObject({ code: "not_found" });
  services.clock.advance(TRIAL_LIMITS.periodMs + 1);
  await deleteExpired(services);
  await expect(look(owner.ctx, trialId)).rejects.toMatchObject({ code: "not_found" });
});

test("an end that is none is shown as it was, and the time is the job's but a minute at most", async () => {
  const { trusted, owner, program } = await world("misbehave");
  const trialId = await ask(owner.ctx, { program, limits: { timeMsMax: 600_000 }, shards: [shard(0, "", ["exit", "7"])] });
  const { errands } = await trusted.exchange({ want: 1 });
  expect(errands[0]?.limits.timeMsMax).toBe(TRIAL_LIMITS.timeMsMax);
  services.clock.advance(10 * 60_000);
  await trusted.runAll();
  expect(await look(owner.ctx, trialId)).toMatchObject({ shards: [{ ended: { outcome: "exit_code", exitCode: 7 }, output: null, outputSha256: null }] });
});

test("is refused like the job would be, and leaves nothing behind", async () => {
  const { owner, program } = await world();
  const other = await makeAccount(services);
  const text = await upload(owner.ctx, "file", "no program");
  const before = await countRows(services.db);
  const shards = [shard(0, "a")];
  await expect(ask(other.ctx, { program, shards })).rejects.toMatchObject({ code: "artifact_missing", params: { field: "program" } });
  await expect(ask(owner.ctx, { program, files: [{ name: "db", artifact: { sha256: "f".repeat(64) } }], shards })).rejects.toMatchObject({
    code: "artifact_missing",
    params: { field: "files.0.artifact" },
  });
  await expect(ask(owner.ctx, { program: text, shards })).rejects.toMatchObject({ code: "program_refused" });
  expect(() => createEndpoint.input.parse({ program, shards: Array.from({ length: 6 }, (_, no) => shard(no, "a")) })).toThrow();
  expect(() => createEndpoint.input.parse({ program, shards: [shard(0, "a".repeat(TRIAL_LIMITS.inputBytesMax + 4))] })).toThrow();
  const reviewing = { ...owner.ctx, config: { ...services.config, programReview: "all" as const } };
  await expect(ask(reviewing, { program, shards })).rejects.toMatchObject({ code: "job_in_review" });
  await services.db`update devices set trusted = false`;
  await expect(ask(owner.ctx, { program, shards })).rejects.toMatchObject({ code: "trusted_device_missing" });
  expect(await countRows(services.db)).toEqual(before);
});

test("an account has so many an hour, also when it asks for several at once", async () => {
  const { owner, program } = await world();
  const shards = Array.from({ length: TRIAL_LIMITS.shardsMax }, (_, no) => shard(no, "a"));
  const asked = await Promise.allSettled(Array.from({ length: 15 }, () => ask(owner.ctx, { program, shards })));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(TRIAL_LIMITS.shardsPerPeriodMax / TRIAL_LIMITS.shardsMax);
  for (const refused of asked) if (refused.status === "rejected") expect(refused.reason).toMatchObject({ code: "rate_limited" });
});
