import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HEADLESS_SITUATION } from "#lib/domain/governor/decide-activity.ts";
import { DEFAULT_SETTINGS, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import type { GrantId, JobId } from "#lib/domain/ids.ts";
import type { GrantView, JobManifest, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { readProcessorTime } from "#lib/testing/processor-time.ts";
import { readTestProgram, type TestProgram } from "#lib/testing/programs/build-programs.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { VolunteerEngine } from "./engine.ts";
import type { EngineSnapshot, Farewell } from "./engine-contract.ts";
import { createDeviceConnection } from "./exchange/device-connection.ts";
import { createDeviceKey } from "./exchange/device-key.ts";
import { DataMeter } from "./governing/data-meter.ts";
import { createMemoryStorage } from "./storage/memory-storage.ts";
import type { EngineStorage } from "./storage/storage-contract.ts";
import { answerTo, grantInOrder, type Script, ScriptedInstance, sha256 } from "./testing/scripted-instance.ts";
import { ThreadHost } from "./testing/thread-host.ts";

const JOB: JobId = `job_${"1".repeat(32)}`;
const grantId = (n: number): GrantId => `grt_${n.toString(16).padStart(32, "0")}`;
const WAIT_MS_MAX = 60_000;
/** Long enough for a small shard to have run, however busy the machine. */
const KEEPING_MS = 500;
const until = async (what: string, isTrue: () => boolean): Promise<void> => {
  for (const startedAt = Date.now(); !isTrue(); ) {
    if (Date.now() - startedAt > WAIT_MS_MAX) throw new Error(`It did not happen in ${WAIT_MS_MAX} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

let instance: ScriptedInstance;
let host: ThreadHost;
let engine: VolunteerEngine | null;
let ended: Promise<EngineSnapshot> | null;
let snapshots: EngineSnapshot[];
let farewell: Farewell | null;

beforeEach(async () => {
  instance = new ScriptedInstance((input) => answerTo(input, { reason: "no_jobs" }));
  await instance.listen();
  host = new ThreadHost();
  engine = null;
  ended = null;
  snapshots = [];
  farewell = null;
});

afterEach(async () => {
  await engine?.stop();
  await ended;
  await instance[Symbol.asyncDispose]();
  expect(host.alive).toBe(0);
  expect(instance.problems).toEqual([]);
});

async function manifestOf(program: TestProgram, over: Partial<JobManifest> = {}): Promise<JobManifest> {
  return {
    jobId: JOB,
    name: "Test job",
    description: "What it is for.",
    topic: "tests",
    runtime: "wasi",
    program: instance.addArtifact(await readTestProgram(program)),
    args: [],
    files: [],
    slicing: { mode: "lines", linesPerShard: 1 },
    format: "bytes",
    limits: { timeMsMax: 10_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1024 * 1024 },
    seed: "7",
    ...over,
  };
}

function grant(n: number, fromNo: number, toNo: number, over: Partial<GrantView> = {}): GrantView {
  return { jobId: JOB, grantId: grantId(n), fromNo, toNo, deadlineMs: Date.now() + 45_000, outputUrl: "/outputs/{sha256}", ...over };
}

type Options = { cores?: number; lastSeq?: number; settings?: Partial<VolunteerSettings>; storage?: EngineStorage; cpuMs?: () => number };

async function start(script: Script, options: Options = {}): Promise<{ seqs: number[] }> {
  instance.script = script;
  const seqs: number[] = [];
  const storage = options.storage ?? createMemoryStorage();
  const data = new DataMeter(storage.usage);
  engine = new VolunteerEngine({
    baseUrl: instance.url,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    situation: HEADLESS_SITUATION,
    coresDefault: options.cores ?? 2,
    storage,
    data,
    warmsUp: false,
    ...(options.cpuMs ? { cpuMs: options.cpuMs } : {}),
    host,
    connection: createDeviceConnection({
      baseUrl: instance.url,
      key: await createDeviceKey({ extractable: false }),
      kind: "headless",
      cores: options.cores ?? 2,
      onBytes: (bytes) => data.add(bytes),
    }),
    seqMemory: { last: async () => options.lastSeq ?? 0, save: async (seq) => void seqs.push(seq) },
    events: { onSnapshot: (snapshot) => snapshots.push(snapshot), onFarewell: (words) => (farewell = words) },
  });
  ended = engine.run();
  return { seqs };
}

const reported = (): (ResultReport & { grantId: GrantId })[] => {
  const seen = new Set<number>();
  const firsts = instance.exchanges.filter(({ seq }) => !seen.has(seq) && seen.add(seq));
  return firsts.flatMap((input) => input.reports.flatMap((r) => r.results.map((result) => ({ ...result, grantId: r.grantId }))));
};

describe("computing", () => {
  test("every granted shard runs with its own input, arguments, environment and seed, and is reported once", async () => {
    const lines = ["first line\n", "second\n", "the third one\n"];
    const input = instance.addArtifact(new TextEncoder().encode(`skipped\n${lines.join("")}`));
    const table = instance.addArtifact(new TextEncoder().encode("a table"));
    const manifest = await manifestOf("probe", { args: ["--shard", "{shard}", "{{x}}"], files: [{ name: "table.txt", ...table }] });
    const view = grant(1, 1, 4, { input: { url: input.url, offsets: [8, 19, 26, 40] } });
    await start(grantInOrder([view], [manifest]));
    await until("three results", () => reported().length === 3);
    const results = reported().sort((a, b) => a.no - b.no);
    for (const [index, { no, outcome, output, digest, outputBytes }] of results.entries()) {
      expect({ no, outcome }).toEqual({ no: index + 1, outcome: "ok" });
      const bytes = Buffer.from(output ?? "", "base64");
      expect(sha256(bytes)).toBe(digest);
      expect(bytes.length).toBe(outputBytes);
      const text = bytes.toString();
      expect(text.endsWith(lines[index] ?? "?")).toBe(true);
      expect(text).toContain(`arg 1 [--shard]\narg 2 [${no}]\narg 3 [{x}]\n`);
      expect(text).toContain(`env [SHOAL_SHARD=${no}]`);
      expect(text).toContain("/data/table.txt fnv1a");
    }
    const seeds = results.map(({ output }) => /SHOAL_SEED=(\d+)/.exec(Buffer.from(output ?? "", "base64").toString())?.[1]);
    expect(new Set(seeds).size).toBe(3);
    expect(instance.ranges).toEqual(["bytes=8-39"]);
    expect(instance.fetched.sort()).toEqual([manifest.program.sha256, table.sha256].sort());
    expect(results.every((r) => r.stderr === "probe done\n")).toBe(true);
  });

  test("the next batch is asked for while the present one computes, and the first timing of a program is never used", async () => {
    const manifest = await manifestOf("spin", { slicing: { mode: "range", from: 0, to: 1000, step: 1, valuesPerShard: 1 }, args: ["60000000"] });
    let nextNo = 0;
    const script: Script = (input) => {
      const known = input.measured[0]?.count ?? 0;
      const count = Math.min(input.want.shardsMax, known >= 5 ? 6 : 2);
      if (nextNo >= 40 || count === 0) return answerTo(input, { reason: count === 0 ? null : "all_granted" });
      const view = grant(nextNo, nextNo, nextNo + count);
      nextNo += count;
      return answerTo(input, { grants: [view], manifests: input.knownJobs.includes(JOB) ? [] : [manifest] });
    };
    await start(script, { cores: 2 });
    await until("all shards are reported", () => reported().length >= 40);
    const unmeasured = instance.exchanges.filter((input) => (input.measured[0]?.count ?? 0) < 5);
    expect(unmeasured.every((input) => input.want.shardsMax <= 4)).toBe(true);
    // The first run on each of the two executors is no timing.
    expect(instance.exchanges.at(-1)?.measured[0]?.count).toBe(reported().length - 2);
    // Once the pace is known, more is asked for while grants are still running.
    expect(instance.exchanges.some((input) => input.want.shardsMax > 4 && input.running.length > 0)).toBe(true);
    expect(instance.exchanges.filter((input) => input.knownJobs.length === 0)).toHaveLength(1);
  });

  test("a device that holds as much as it may asks again with the report of the first that is done, however late it was told to", async () => {
    const manifest = await manifestOf("shout");
    const inOrder = grantInOrder([grant(1, 0, 1), grant(2, 1, 2)], [manifest]);
    let isFull = false;
    await start(async (input, seen) => {
      // The second time it asks, while the first shard is its own, nothing more may be held.
      if (isFull || input.want.shardsMax === 0 || input.reports.length > 0 || seen.every(({ want }) => want.shardsMax === 0)) return await inOrder(input, seen);
      isFull = input.running.length > 0;
      return isFull ? answerTo(input, { reason: "enough_held", retryAfterMs: 10 * WAIT_MS_MAX }) : await inOrder(input, seen);
    });
    await until("both shards were reported", () => instance.exchanges.flatMap(({ reports }) => reports).length === 2);
    expect(isFull).toBe(true);
  });

  test("an output above 8 KiB is uploaded under its digest and reported without its bytes", async () => {
    const manifest = await manifestOf("misbehave", { args: ["print", "20000"] });
    await start(grantInOrder([grant(1, 0, 1)], [manifest]));
    await until("the result", () => reported().length === 1);
    const [result] = reported();
    expect(result).toMatchObject({ outcome: "ok", outputBytes: 20_000 });
    expect(result?.output).toBeUndefined();
    expect(instance.uploads.get(result?.digest ?? "")?.length).toBe(20_000);
  });

  test("an output the instance calls too large is reported as that, and one it refuses hands the grant back", async () => {
    const manifest = await manifestOf("misbehave", { args: ["print", "20000"] });
    instance.uploadStatus = 413;
    await start(grantInOrder([grant(1, 0, 1)], [manifest]));
    await until("the result", () => reported().length === 1);
    expect(reported()[0]).toMatchObject({ outcome: "output_limit" });
    await engine?.stop();
    instance.uploadStatus = 403;
    instance.exchanges.length = 0;
    await start(grantInOrder([grant(2, 0, 1)], [manifest]));
    await until("the grant comes back", () => instance.exchanges.some((input) => input.abandoned.some((a) => a.grantId === grantId(2))));
  });

  test("failures of the program travel with exit code, trap and log", async () => {
    const manifest = await manifestOf("misbehave", { args: ["exit", "3"] });
    const trap = await manifestOf("misbehave", { jobId: `job_${"2".repeat(32)}`, args: ["divide"] });
    await start(grantInOrder([grant(1, 0, 1), grant(2, 0, 1, { jobId: trap.jobId })], [manifest, trap]));
    await until("two results", () => reported().length === 2);
    expect(reported().find((r) => r.grantId === grantId(1))).toMatchObject({ outcome: "exit_code", exitCode: 3, stderr: "about to exit\n" });
    expect(reported().find((r) => r.grantId === grantId(2))).toMatchObject({ outcome: "trap", trap: "divide_by_zero" });
  });
});

describe("trouble", () => {
  test("an exchange whose answer is lost is repeated with the same number and the same body", async () => {
    const manifest = await manifestOf("probe");
    const inOrder = grantInOrder([grant(1, 0, 2)], [manifest]);
    let losses = 0;
    await start((input, seen) => (input.reports.length > 0 && losses++ < 2 ? "lost" : inOrder(input, seen)));
    await until("three copies", () => losses >= 3);
    await until("it goes on", () => (engine?.snapshot().counts.taken ?? 0) === 2);
    const copies = instance.exchanges.filter((input) => input.seq === instance.exchanges.find((e) => e.reports.length > 0)?.seq);
    expect(copies.length).toBe(3);
    expect(copies[1]).toEqual(copies[0]);
    expect(copies[2]).toEqual(copies[0]);
    expect(snapshots.some((s) => s.reason?.code === "unreachable")).toBe(true);
    expect(engine?.snapshot().reason?.code).not.toBe("unreachable");
  });

  test("numbers rise, begin above the remembered one and are remembered before they are used", async () => {
    const manifest = await manifestOf("probe");
    const future = Date.now() + 86_400_000;
    const { seqs } = await start(grantInOrder([grant(1, 0, 2)], [manifest]), { lastSeq: future });
    await until("two results", () => reported().length === 2);
    const used = instance.exchanges.map((input) => input.seq);
    expect(used[0]).toBe(future + 1);
    expect(used).toEqual([...used].sort((a, b) => a - b));
    expect(seqs).toEqual(expect.arrayContaining(used));
  });

  test("a shard beyond its time is ended within a second, reported as timeout, and its core computes on", async () => {
    const manifest = await manifestOf("misbehave", { args: ["loop"], limits: { timeMsMax: 300, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 } });
    await start(grantInOrder([grant(1, 0, 2)], [manifest]), { cores: 1 });
    await until("two timeouts", () => reported().length === 2);
    for (const result of reported()) {
      expect(result.outcome).toBe("timeout");
      expect(result.durationMs).toBeGreaterThanOrEqual(300);
      expect(result.durationMs).toBeLessThan(1300);
    }
    expect(host.spawned).toBeGreaterThanOrEqual(2);
  });

  test("an executor that dies is replaced at once and its shard crashed", async () => {
    const manifest = await manifestOf("misbehave", { args: ["loop"], limits: { timeMsMax: 60_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 } });
    await start(grantInOrder([grant(1, 0, 1)], [manifest]), { cores: 1 });
    await until("it runs", () => engine?.snapshot().perExecutor[0] !== null);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await host.murder();
    await until("the result", () => reported().length === 1);
    expect(reported()[0]).toMatchObject({ outcome: "crashed" });
    await until("a replacement", () => host.spawned === 2);
  });

  test("late and unknown acknowledgements cost nothing: the results are dropped and never sent again", async () => {
    const manifest = await manifestOf("probe");
    const inOrder = grantInOrder([grant(1, 0, 2)], [manifest]);
    await start(async (input, seen) => {
      const answer = await inOrder(input, seen);
      if (typeof answer === "string" || "error" in answer) return answer;
      return { ...answer, acks: answer.acks.map((ack) => ({ ...ack, state: "late" as const })) };
    });
    await until("it is told", () => (engine?.snapshot().counts.late ?? 0) > 0);
    await until("nothing is held", () => engine?.snapshot().phase === "waiting");
    const numbers = reported().map((r) => r.no);
    expect(numbers.length).toBe(new Set(numbers).size);
    expect(engine?.snapshot().counts.taken).toBe(0);
  });

  test("a grant the instance stops is dropped with its running shard, without a result", async () => {
    const manifest = await manifestOf("misbehave", { args: ["loop"], limits: { timeMsMax: 60_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 } });
    const inOrder = grantInOrder([grant(1, 0, 1)], [manifest]);
    await start(async (input, seen) => {
      const answer = await inOrder(input, seen);
      if (typeof answer === "string" || "error" in answer) return answer;
      const settings = { reportEveryMs: 300 };
      return input.running.length > 0 ? { ...answer, settings, stop: input.running } : { ...answer, settings };
    });
    await until("it is renewed once", () => instance.exchanges.some((input) => input.running.length > 0));
    await until("nothing is held", () => engine?.snapshot().phase === "waiting");
    await until("no core is busy", () => engine?.snapshot().perExecutor.every((running) => running === null) ?? false);
    expect(reported()).toEqual([]);
  });

  test("a grant that is stopped while the end of its shard waits to be kept costs the next grant nothing", async () => {
    const manifest = await manifestOf("probe");
    const [first, second] = [grantInOrder([grant(1, 0, 2)], [manifest]), grantInOrder([grant(2, 2, 3)], [manifest])];
    const storage = createMemoryStorage();
    const { promise: kept, resolve: keep } = Promise.withResolvers<void>();
    let isStopping = false;
    await start(
      async (input, seen) => {
        const answer = await (isStopping ? second : first)(input, seen);
        if (typeof answer === "string" || "error" in answer) return answer;
        const stop = isStopping ? input.running.filter((ref) => ref.grantId === grantId(1)) : [];
        return { ...answer, stop, settings: { reportEveryMs: 300 } };
      },
      { cores: 1, storage: { ...storage, results: { ...storage.results, keep: async (result) => await kept.then(() => storage.results.keep(result)) } } },
    );
    await until("its last shard runs", () => engine?.snapshot().perExecutor[0]?.shardNo === 1);
    await sleep(KEEPING_MS);
    isStopping = true;
    await until("the next grant is there", () => instance.exchanges.some((input) => input.running.some((ref) => ref.grantId === grantId(2))));
    keep();
    await until("its shard is reported", () => reported().some((result) => result.grantId === grantId(2)));
    expect(reported()).toMatchObject([{ no: 2, outcome: "ok" }]);
  });

  test("a program that is not the announced one is never run: the grant goes back and asking waits", async () => {
    const manifest = await manifestOf("probe");
    const other = instance.addArtifact(await readTestProgram("spin"));
    await start((input) =>
      answerTo(
        input,
        input.want.shardsMax > 0
          ? { grants: [grant(instance.exchanges.length, 0, 1)], manifests: [{ ...manifest, program: { ...manifest.program, url: other.url } }] }
          : {},
      ),
    );
    await until("the grant comes back", () => instance.exchanges.some((input) => input.abandoned.length > 0));
    await until("the reason is told", () => engine?.snapshot().reason?.code === "job_unusable");
    expect(reported()).toEqual([]);
    const asked = instance.exchanges.filter((input) => input.want.shardsMax > 0).length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(instance.exchanges.filter((input) => input.want.shardsMax > 0).length).toBe(asked);
  });

  test("an instance that speaks another version ends the engine with the reason to reload", async () => {
    await start(() => ({ error: "version_unsupported" }));
    const last = await ended;
    expect(last).toMatchObject({ phase: "failed", reason: { code: "version_unsupported" } });
    expect(host.alive).toBe(0);
  });
});

describe("the end", () => {
  test("stop reports what is finished, hands every grant back and ends all executors within a second", async () => {
    const manifest = await manifestOf("misbehave", { args: ["loop"], limits: { timeMsMax: 60_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 } });
    await start(grantInOrder([grant(1, 0, 2), grant(2, 5, 6)], [manifest]));
    await until("both cores are busy", () => engine?.snapshot().perExecutor.every((running) => running !== null) ?? false);
    await until("the next batch is held", () => instance.exchanges.length >= 2);
    const startedAt = performance.now();
    await engine?.stop();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(
      instance.exchanges
        .at(-1)
        ?.abandoned.map((a) => a.grantId)
        .sort(),
    ).toEqual([grantId(1), grantId(2)]);
    expect(await ended).toMatchObject({ phase: "stopped", perExecutor: [null, null] });
    expect(host.alive).toBe(0);
  });

  test("stop does not wait for an instance that does not answer", async () => {
    const manifest = await manifestOf("probe");
    const inOrder = grantInOrder([grant(1, 0, 1)], [manifest]);
    await start((input, seen) => (seen.length > 1 ? new Promise(() => {}) : inOrder(input, seen)));
    await until("it hangs", () => instance.exchanges.length >= 2);
    const startedAt = performance.now();
    await engine?.stop();
    expect(performance.now() - startedAt).toBeLessThan(1200);
    expect((await ended)?.phase).toBe("stopped");
  });

  test("what a vanishing page has to say is ready at any time", async () => {
    const manifest = await manifestOf("misbehave", { args: ["loop"], limits: { timeMsMax: 60_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 } });
    await start(grantInOrder([grant(1, 0, 2)], [manifest]));
    await until("it is ready", () => farewell !== null);
    const words = farewell as unknown as Farewell;
    const answer = await fetch(words.url, { method: "POST", headers: words.headers, body: words.body });
    expect(answer.status).toBe(200);
    expect(instance.exchanges.at(-1)?.abandoned).toEqual([{ jobId: JOB, grantId: grantId(1) }]);
  });
});

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Grants of `count` shards as long as they are wanted. */
function grantForEver(manifest: JobManifest, count: number): Script {
  let nextNo = 0;
  return (input) => {
    const shards = Math.min(count, input.want.shardsMax);
    if (shards === 0) return answerTo(input);
    nextNo += shards;
    return answerTo(input, { grants: [grant(nextNo, nextNo - shards, nextNo)], manifests: input.knownJobs.includes(JOB) ? [] : [manifest] });
  };
}

/** Grants `views` in order, and afterwards says nothing of why there is nothing more. */
function grantOnce(views: readonly GrantView[], manifests: readonly JobManifest[]): Script {
  const inOrder = grantInOrder(views, manifests);
  return async (input, seen) => {
    const answer = await inOrder(input, seen);
    return typeof answer === "string" || "error" in answer ? answer : { ...answer, reason: null };
  };
}

describe("what is kept", () => {
  test("results that the instance never acknowledged are reported by the next life, with the rest of their grants handed back, and then forgotten", async () => {
    const manifest = await manifestOf("probe");
    const storage = createMemoryStorage();
    const inOrder = grantInOrder([grant(1, 0, 3)], [manifest]);
    await start((input, seen) => (input.reports.length > 0 ? "lost" : inOrder(input, seen)), { storage });
    await until("three results are kept", () => engine?.snapshot().keptResults === 3);
    await engine?.stop();
    await ended;
    instance.exchanges.length = 0;
    await start((input) => answerTo(input, { reason: "no_jobs" }), { storage });
    await until("they are reported", () => reported().length === 3);
    expect(instance.exchanges.flatMap((input) => input.abandoned)).toContainEqual({ jobId: JOB, grantId: grantId(1) });
    await until("they are taken", () => engine?.snapshot().counts.taken === 3);
    await until("nothing is kept", () => engine?.snapshot().keptResults === 0);
    expect(await storage.results.list()).toEqual([]);
  });

  test("a large output that could not be uploaded is uploaded by the next life", async () => {
    const manifest = await manifestOf("misbehave", { args: ["print", "20000"] });
    const storage = createMemoryStorage();
    instance.uploadStatus = 503;
    await start(grantInOrder([grant(1, 0, 1)], [manifest]), { storage });
    await until("it is kept", () => engine?.snapshot().keptResults === 1);
    await engine?.stop();
    await ended;
    expect(reported()).toEqual([]);
    instance.uploadStatus = 201;
    await start((input) => answerTo(input, { reason: "no_jobs" }), { storage });
    await until("it is reported", () => reported().length === 1);
    expect(instance.uploads.get(reported()[0]?.digest ?? "")?.length).toBe(20_000);
  });

  test("an outage costs no result: what was finished meanwhile is reported when the instance is back", async () => {
    const manifest = await manifestOf("probe");
    const inOrder = grantInOrder([grant(1, 0, 4)], [manifest]);
    let isDown = false;
    await start((input, seen) => {
      if (isDown) return "lost";
      isDown = seen.length === 1;
      return inOrder(input, seen);
    });
    await until("all are finished", () => engine?.snapshot().keptResults === 4);
    isDown = false;
    engine?.hurry();
    await until("all are taken", () => engine?.snapshot().counts.taken === 4);
  });
});

describe("what the volunteer allows", () => {
  test("outside the hours nothing runs, what waits goes back at once, and it goes on when the rule is lifted", async () => {
    const manifest = await manifestOf("spin", { args: ["60000000"] });
    await start(grantForEver(manifest, 20));
    await until("it computes", () => (engine?.snapshot().counts.finished ?? 0) > 3);
    const minute = new Date().getHours() * 60 + new Date().getMinutes();
    const hours = { fromMinute: (minute + 720) % 1440, toMinute: (minute + 780) % 1440 };
    engine?.configure({ ...DEFAULT_SETTINGS, hours });
    await until("it is paused", () => engine?.snapshot().phase === "waiting");
    expect(engine?.snapshot()).toMatchObject({ pausedBy: "paused_hours", reason: { code: "paused_hours" } });
    expect(instance.exchanges.at(-1)?.running).toEqual([]);
    const { finished } = engine?.snapshot().counts ?? { finished: 0 };
    const asked = instance.exchanges.filter((input) => input.want.shardsMax > 0).length;
    await sleep(600);
    expect(engine?.snapshot().counts.finished).toBe(finished);
    expect(instance.exchanges.filter((input) => input.want.shardsMax > 0)).toHaveLength(asked);
    engine?.configure(DEFAULT_SETTINGS);
    await until("it goes on", () => (engine?.snapshot().counts.finished ?? 0) > finished);
    expect(engine?.snapshot().pausedBy).toBeNull();
  });

  test("a shard that outlasts the pause's grace is handed back without a result", async () => {
    const limits = { timeMsMax: 60_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 };
    await start(grantInOrder([grant(1, 0, 1)], [await manifestOf("misbehave", { args: ["loop"], limits })]), { settings: { visibility: "visible" } });
    await until("it runs", () => engine?.snapshot().perExecutor.some((running) => running !== null) ?? false);
    engine?.notice({ ...HEADLESS_SITUATION, isVisible: false });
    await until("it is handed back", () => instance.exchanges.at(-1)?.abandoned.length === 1);
    await until("no core is busy", () => engine?.snapshot().perExecutor.every((running) => running === null) ?? false);
    expect(reported()).toEqual([]);
  });

  test("other cores hold while it runs, in both directions", async () => {
    await start(grantForEver(await manifestOf("spin", { args: ["30000000"] }), 20), { cores: 1 });
    const busy = () => snapshots.at(-1)?.perExecutor.filter((running) => running !== null).length ?? 0;
    await until("one core is busy", () => busy() === 1);
    engine?.configure({ ...DEFAULT_SETTINGS, cores: 3 });
    await until("three are", () => busy() === 3);
    expect(instance.exchanges.at(-1)?.cores).toBeLessThanOrEqual(3);
    engine?.configure({ ...DEFAULT_SETTINGS, cores: 1 });
    await until("one is", () => host.alive === 1 && snapshots.at(-1)?.perExecutor.length === 1);
  });

  test("a job that needs more memory than is given goes back with the reason", async () => {
    const limits = { timeMsMax: 60_000, memoryBytesMax: 512 * 1024 * 1024, outputBytesMax: 1000 };
    await start(grantOnce([grant(1, 0, 1)], [await manifestOf("probe", { limits })]), { settings: { memoryMib: 256 } });
    await until("the reason is told", () => snapshots.some((snapshot) => snapshot.reason?.code === "job_unusable"));
    await until("the grant comes back", () => instance.exchanges.some((input) => input.abandoned.length === 1));
    expect(snapshots.find((snapshot) => snapshot.reason?.code === "job_unusable")?.reason).toMatchObject({
      code: "job_unusable",
      params: { problem: expect.stringContaining("512 MiB") },
    });
    expect(reported()).toEqual([]);
  });

  test("the data of the day is counted, bounds what is fetched and survives a restart", async () => {
    const storage = createMemoryStorage();
    const input = instance.addArtifact(new Uint8Array(2 * 1024 * 1024));
    const view = grant(1, 0, 1, { input: { url: input.url, offsets: [0, 2 * 1024 * 1024] } });
    await start(grantInOrder([view], [await manifestOf("probe")]), { storage, settings: { dataMibPerDay: 1 } });
    await until("it is paused", () => engine?.snapshot().pausedBy === "paused_data");
    // It may have been paused in the middle of the input, of which the rest still arrives.
    await until("all of it is counted", () => (engine?.snapshot().bytesToday ?? 0) > 2 * 1024 * 1024);
    await engine?.stop();
    await ended;
    await start(grantInOrder([], []), { storage, settings: { dataMibPerDay: 1 } });
    await until("it is paused at once", () => engine?.snapshot().pausedBy === "paused_data");
  });

  test("the process uses the share of the processor that was asked for, and says so", async () => {
    await start(grantForEver(await manifestOf("spin", { args: [String(atSize(150_000_000, 600_000_000))] }), 8), {
      cores: 1,
      settings: { cpuSharePercent: 40 },
      cpuMs,
    });
    await until("the pace is known", () => (engine?.snapshot().counts.finished ?? 0) > 3);
    engine?.configure({ ...DEFAULT_SETTINGS, cpuSharePercent: 40 });
    const [startedAt, before] = [performance.now(), readProcessorTime(["self"])];
    await sleep(atSize(10_000, 60_000));
    const [wallMs, after] = [performance.now() - startedAt, readProcessorTime(["self"])];
    const used = (after.usedMs - before.usedMs) / wallMs;
    const waited = (after.waitedMs - before.waitedMs) / wallMs;
    expect(used).toBeLessThanOrEqual(0.45);
    // What others on the machine took from it, it has waited for.
    expect(used + waited).toBeGreaterThanOrEqual(0.35);
    const { share } = engine?.snapshot() ?? {};
    expect(share).toMatchObject({ requestedShare: 0.4, isApproximate: false });
    expect(Math.abs((share?.actualShare ?? 0) - used)).toBeLessThanOrEqual(0.05);
  });

  test("after a stop the process is quiet", async () => {
    const limits = { timeMsMax: 60_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 };
    await start(grantInOrder([grant(1, 0, 2)], [await manifestOf("misbehave", { args: ["loop"], limits })]));
    await until("both cores are busy", () => engine?.snapshot().perExecutor.every((running) => running !== null) ?? false);
    await engine?.stop();
    await sleep(500);
    const spentAt = cpuMs();
    await sleep(1000);
    expect(cpuMs() - spentAt).toBeLessThan(50);
  });
});
