import { afterAll, beforeAll, expect, test } from "vitest";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { u32 } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { largeModule } from "#lib/testing/programs/large-module.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { findStoredMinerSigns, inspectStored } from "./inspect-stored.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  await services.close();
});

async function store(bytes: Uint8Array) {
  const put = await services.blobs.put(
    (async function* () {
      yield bytes;
    })(),
    { bytesMax: JOB_LIMITS.programBytesMax },
  );
  if (!put.ok) throw new Error(put.reason);
  return put.sha256;
}

/** What comes of the work, and how often others had their turn meanwhile. */
async function withTurns<T>(work: Promise<T>): Promise<{ done: T; turns: number }> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setTimeout(count, 1);
  };
  setTimeout(count, 1);
  const done = await work.finally(() => {
    isOver = true;
  });
  return { done, turns };
}

test("the largest program is looked at while everybody else is served", async () => {
  const bytes = largeModule(JOB_LIMITS.programBytesMax);
  const sha256 = await store(bytes);
  const inspected = await withTurns(inspectStored(services.blobs, sha256, null));
  expect(inspected.done).toMatchObject({ problems: [], sizeBytes: bytes.length });
  expect(inspected.turns).toBeGreaterThan(50);
  const searched = await withTurns(findStoredMinerSigns(services.blobs, sha256, { runtime: "wasi", args: ["--algo", "CryptoNight"] }));
  expect(searched.done).toEqual(["cryptonight"]);
  expect(searched.turns).toBeGreaterThan(50);
});

test("small and large programs are told the same", async () => {
  const small = await readTestProgram("shout");
  const padding = Buffer.concat([Buffer.from([0]), Buffer.from(u32(300_001)), Buffer.alloc(300_001)]);
  const [here, apart] = await Promise.all(
    [small, Buffer.concat([small, padding])].map(async (bytes) => await inspectStored(services.blobs, await store(bytes), null)),
  );
  expect({ ...apart, sizeBytes: 0 }).toEqual({ ...here, sizeBytes: 0 });
  expect(here?.problems).toEqual([]);
});

test("a module that declares tens of millions of types is refused, and the next one is looked at", async () => {
  // 22 million function types of three bytes each.
  const count = Math.floor((JOB_LIMITS.programBytesMax - 64) / 3);
  const types = Buffer.concat([Buffer.from(u32(count)), Buffer.alloc(count * 3, Buffer.from([0x60, 0, 0]))]);
  const bytes = Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, ...u32(types.length)]), types]);
  const hostile = await inspectStored(services.blobs, await store(bytes), null);
  expect(hostile.problems).toHaveLength(1);
  expect((await inspectStored(services.blobs, await store(largeModule(2 ** 20)), null)).problems).toEqual([]);
});
