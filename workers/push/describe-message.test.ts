import { expect, test } from "vitest";
import { NOTICE_KINDS } from "#lib/domain/notice/notice.ts";
import type { PushMessage } from "#lib/protocol/push/push-message.ts";
import { describeMessage, pageOf } from "./describe-message.ts";

const JOB_ID = `job_${"a".repeat(32)}` as const;
const message = (change: Partial<PushMessage> = {}): PushMessage => ({
  version: 1,
  tag: "t",
  language: "en",
  kind: "done",
  job: { id: JOB_ID, name: "Tides" },
  reason: null,
  params: {},
  ...change,
});

test("every kind is said in both languages, with the job's name and no gap", () => {
  for (const kind of NOTICE_KINDS)
    for (const language of ["en", "de"]) {
      const shown = describeMessage(
        message({ kind, language, params: { shards: 2, leftMicro: "1000000", budgetMicro: "20000000", endAt: "2026-03-14T12:00:00.000Z" } }),
      );
      expect(shown.title).toContain("Tides");
      expect(`${shown.title}${shown.body}`).not.toMatch(/[{}]/);
      expect(shown).toMatchObject({ tag: "t", lang: language });
    }
  expect(describeMessage(message({ language: "de" })).title).toBe("„Tides“ ist fertig");
  expect(describeMessage(message({ kind: "corrected", params: { shards: 1 } })).body).toContain("1 verified shard was found wrong");
});

test("a reason is said, and by its own sentence where this version does not know it", () => {
  const reason = { code: "job_all_failed", params: { shards: 8, outcome: "trap" }, message: "m" };
  expect(describeMessage(message({ kind: "stopped", reason })).body).toContain("All of the first 8 shards ended alike (trapped)");
  expect(describeMessage(message({ kind: "stopped", reason: { code: "of tomorrow", params: {}, message: "It stopped." } })).body).toBe("It stopped.");
});

test.each([
  ["nothing", null],
  ["a later version", message({ version: 2 as 1 })],
  ["an unknown kind", message({ kind: "party" as "done" })],
  ["no message", {} as PushMessage],
  ["another type", "text" as unknown as PushMessage],
])("of %s something is shown that leads to the feed", (_what, given) => {
  expect(describeMessage(given).title).toBe("There is news about your jobs");
  expect(pageOf(given)).toBe("/notifications");
});

test("a message leads to the page of its job and to nothing else", () => {
  expect(pageOf(message())).toBe(`/jobs/${JOB_ID}`);
  for (const id of ["//evil.example", "../../x", `job_${"a".repeat(32)}/../../docs`])
    expect(pageOf(message({ job: { id: id as `job_${string}`, name: "x" } }))).toBe("/notifications");
});
