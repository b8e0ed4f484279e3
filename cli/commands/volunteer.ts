import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { createApi } from "#lib/client/api/api.ts";
import { HEADLESS_SITUATION } from "#lib/domain/governor/decide-activity.ts";
import { DEFAULT_SETTINGS, SETTING_BOUNDS, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import { LEGAL_TEXTS } from "#lib/protocol/legal/legal.ts";
import { VolunteerEngine } from "#workers/volunteer/engine.ts";
import type { EngineSnapshot } from "#workers/volunteer/engine-contract.ts";
import type { Connection } from "#workers/volunteer/exchange/connection.ts";
import { createDeviceCalls, type DeviceOptions } from "#workers/volunteer/exchange/device-calls.ts";
import { createDeviceConnection } from "#workers/volunteer/exchange/device-connection.ts";
import { DataMeter } from "#workers/volunteer/governing/data-meter.ts";
import { readServer, SERVER_OPTION } from "../instance.ts";
import { readNumber, readOptions } from "../read-options.ts";
import { showTexts } from "../show-texts.ts";
import { type Command, type Terminal, UsageError } from "../terminal.ts";
import { type Containment, findContainment } from "../volunteer/contained/contain.ts";
import { ContainedHost } from "../volunteer/contained/contained-host.ts";
import { runErrands } from "../volunteer/errands/errand-loop.ts";
import { openFileStorage } from "../volunteer/file-storage.ts";
import { NodeHost } from "../volunteer/node-host.ts";
import { openProfile, type Profile, profileFolder, readPhraseFile } from "../volunteer/profile.ts";
import { readHours } from "../volunteer/read-hours.ts";
import { readServed } from "../volunteer/read-served.ts";
import { statusLine } from "../volunteer/status-line.ts";

const STATUS_EVERY_MS = 10_000;
const OPTIONS = {
  ...SERVER_OPTION,
  cores: { type: "string" },
  share: { type: "string" },
  memory: { type: "string" },
  data: { type: "string" },
  hours: { type: "string" },
  topic: { type: "string", multiple: true },
  job: { type: "string", multiple: true },
  gpu: { type: "string" },
  trusted: { type: "string" },
  name: { type: "string" },
  profile: { type: "string" },
  "phrase-file": { type: "string" },
  json: { type: "boolean" },
} as const;

/** Computes for an instance until interrupted, then hands everything back: 0 after Ctrl-C, 1 when it cannot go on. */
export const volunteer: Command = async (args, terminal) => {
  const { values } = readOptions(args, OPTIONS);
  if (values.name !== undefined && values.profile !== undefined) throw new UsageError("Give --name or --profile, not both.");
  const baseUrl = readServer(values.server, terminal);
  const settings = readLent(values);
  const cores = settings.cores ?? availableParallelism();
  const phraseFile = values["phrase-file"];
  const phrase = phraseFile === undefined ? null : await readPhraseFile(resolve(phraseFile));
  const profile = await openProfile(values.profile === undefined ? profileFolder(values.name ?? "default") : resolve(values.profile), phrase);
  const errands = new AbortController();
  try {
    // V8 stays in its baseline compiler until a call returns, up to 14 times slower; a process that only computes had better compile well at once.
    setFlagsFromString("--no-liftoff");
    const storage = await openFileStorage(profile.folder);
    const data = new DataMeter(storage.usage);
    const onBytes = (bytes: number) => data.add(bytes);
    // A device that learns only now that it is trusted must not run strangers' programs beside its key.
    const uncontained = new AbortController();
    const isContained = values.trusted !== undefined || (await profile.trustMark.isSet());
    const device: DeviceOptions = {
      baseUrl,
      key: profile.key,
      kind: "headless",
      cores,
      enrolmentCode: values.trusted,
      agree: async (signal) => await showTexts(createApi({ baseUrl }), LEGAL_TEXTS, { terminal, signal }),
      onBytes,
    };
    const calls = createDeviceCalls(device);
    const connection = createDeviceConnection(device, calls);
    let hasErrands = false;
    const report = createReport(terminal, values.json === true);
    const engine = new VolunteerEngine({
      baseUrl,
      settings,
      situation: HEADLESS_SITUATION,
      coresDefault: cores,
      host: isContained ? new ContainedHost() : new NodeHost({ usesGpu: settings.usesGpu }),
      connection: marksTrust(connection, profile, () => {
        if (!isContained) uncontained.abort();
        else if (!hasErrands) void runErrands({ calls, baseUrl, cores, signal: errands.signal });
        hasErrands = true;
      }),
      seqMemory: profile.seqMemory,
      storage,
      data,
      warmsUp: false,
      cpuMs,
      events: { onSnapshot: report },
    });
    const say = values.json ? () => undefined : (line: string) => terminal.tell(line);
    if (isContained) say(describeContainment(await findContainment()));
    say(`Computing for ${baseUrl} with ${cores} ${cores === 1 ? "core" : "cores"}. Ctrl-C stops and hands everything back.`);
    return await computeUntilStopped(engine, { interrupt: terminal.interrupt, uncontained: uncontained.signal, say });
  } finally {
    errands.abort();
    await profile.close();
  }
};

type Ends = { interrupt: AbortSignal; uncontained: AbortSignal; say(line: string): void };

/** Lets the engine compute until somebody interrupts it or it cannot go on; the exit code. */
async function computeUntilStopped(engine: VolunteerEngine, { interrupt, uncontained, say }: Ends): Promise<number> {
  interrupt.addEventListener("abort", () => {
    say("Handing everything back. Ctrl-C again ends at once.");
    void engine.stop();
  });
  if (interrupt.aborted) void engine.stop();
  uncontained.addEventListener("abort", () => void engine.stop());
  const last = await engine.run();
  if (uncontained.aborted) {
    say("The instance trusts this device, so programs must run in processes of their own. Start it again: it knows that now.");
    return 1;
  }
  if (last.phase !== "failed") return 0;
  if (last.reason) say(last.reason.message);
  return 1;
}

/** The same connection, which remembers that this device runs strangers' programs for the instance, or those of its owner's jobs. */
function marksTrust(connection: Connection, { trustMark }: Profile, onTrusted: () => void): Connection {
  return {
    ...connection,
    async open(signal) {
      const device = await connection.open(signal);
      if (!device.trusted && !device.checksOwnJobs) return device;
      await trustMark.set();
      onTrusted();
      return device;
    },
  };
}

/** What a trusted device says at its start about where programs run. */
function describeContainment({ hasNoNetwork, hasOwnUser }: Containment): string {
  const missing = [...(hasNoNetwork ? [] : ["the network cannot be cut off"]), ...(hasOwnUser ? [] : ["they run as your own user"])];
  const where = "Programs run in processes that are thrown away";
  return missing.length === 0
    ? `${where}, without network, files or environment.`
    : `${where}, without files or environment; on this system ${missing.join(" and ")}.`;
}

type Lent = Partial<Record<"cores" | "share" | "memory" | "data" | "hours" | "gpu", string | undefined> & Record<"topic" | "job", string[] | undefined>>;

/** What the options lend; what they do not name is lent whole. */
function readLent({ cores, share, memory, data, hours, gpu = "on", ...served }: Lent): VolunteerSettings {
  if (gpu !== "on" && gpu !== "off") throw new UsageError(`--gpu must be on or off, not “${gpu}”.`);
  return {
    ...DEFAULT_SETTINGS,
    usesGpu: gpu === "on",
    cores: readNumber("cores", cores, SETTING_BOUNDS.cores) ?? null,
    cpuSharePercent: readNumber("share", share, SETTING_BOUNDS.cpuSharePercent) ?? DEFAULT_SETTINGS.cpuSharePercent,
    memoryMib: readNumber("memory", memory, SETTING_BOUNDS.memoryMib) ?? null,
    dataMibPerDay: readNumber("data", data, SETTING_BOUNDS.dataMibPerDay) ?? null,
    hours: hours === undefined ? null : readHours(hours),
    serves: readServed(served),
  };
}

/** Processor time of this process with all its threads, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Prints at every change of phase or reason, and every ten seconds in between. */
function createReport(terminal: Terminal, isJson: boolean): (snapshot: EngineSnapshot) => void {
  let printedAtMs = Number.NEGATIVE_INFINITY;
  let printedState = "";
  return (snapshot) => {
    // Between two shards a device waits for moments; only what lasts is news to people.
    const state = isJson ? `${snapshot.phase} ${snapshot.reason?.code ?? ""}` : (snapshot.reason?.code ?? snapshot.phase);
    const nowMs = performance.now();
    if (state === printedState && nowMs - printedAtMs < STATUS_EVERY_MS) return;
    printedAtMs = nowMs;
    printedState = state;
    if (isJson) terminal.print(JSON.stringify(snapshot));
    else terminal.tell(statusLine(snapshot));
  };
}
