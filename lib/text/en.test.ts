import { describe, expect, test } from "vitest";
import { PAUSE_RULES } from "#lib/domain/governor/decide-activity.ts";
import { JOB_STATES } from "#lib/domain/job/job.ts";
import { OUTCOMES } from "#lib/domain/replica/outcome.ts";
import { ERROR_CODES, type ErrorCode } from "#lib/protocol/errors.ts";
import { WAIT_REASONS } from "#lib/protocol/exchange/exchange.ts";
import { ENGINE_REASONS } from "#workers/volunteer/engine-contract.ts";
import { en } from "./en.ts";
import { createWords } from "./words.ts";

const { sayCode } = createWords("en", en);

const codes = Object.keys(ERROR_CODES) as ErrorCode[];
const placeholders = (sentence: string) => [...sentence.matchAll(/\{(\w+)/g)].map((match) => match[1]);

/** Every sentence of the catalogue with its path. */
function sentences(value: unknown, path = "en"): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([name, part]) => sentences(part, `${path}.${name}`));
}

describe("every code has a sentence", () => {
  test.each(codes)("error code %s, with parameters that the wire carries", (code) => {
    const sentence = en.errors[code];
    expect(sentence).toMatch(/\S/);
    expect(placeholders(ERROR_CODES[code].message)).toEqual(expect.arrayContaining(placeholders(sentence)));
  });

  test.each([...WAIT_REASONS, ...ENGINE_REASONS, ...PAUSE_RULES])("waiting reason %s", (reason) => {
    expect(sayCode(reason)).toMatch(/\S/);
  });

  test.each([...OUTCOMES])("outcome %s", (outcome) => {
    expect(sayCode("shard_failed_alike", { outcome })).toContain(en.states.outcomes[outcome]);
  });

  test.each([...JOB_STATES])("job state %s", (state) => {
    expect(en.states.jobStates[state].label).toMatch(/\S/);
  });
});

test("no sentence shouts", () => {
  expect(sentences(en).filter(([, sentence]) => sentence.includes("!"))).toEqual([]);
});

test("an unknown code has no sentence, so that the caller shows the wire's own", () => {
  expect(sayCode("code_from_the_future")).toBeNull();
});

test("a job that stopped itself says how its shards ended, however that is known", () => {
  const say = (outcome: string) => sayCode("job_all_failed", { shards: 20, outcome });
  expect(say("timeout")).toContain("(ran out of time)");
  expect(say("exit code 3")).toContain("(exit code 3)");
  expect(say("shard_no_agreement")).toContain("(no agreeing results)");
});

test("amounts and sizes in errors are written for people", () => {
  expect(sayCode("funds_short", { need: "2500000", have: "1000" })).toContain("reserves 2.5 and you have 0.001");
  expect(sayCode("too_large", { what: "The program", limit: 67_108_864 })).toContain("64 MiB");
});
