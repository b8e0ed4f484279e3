import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { createApi } from "#lib/client/api/api.ts";
import { HEADLESS_SITUATION } from "#lib/domain/governor/decide-activity.ts";
import { DEFAULT_SETTINGS, SETTING_BOUNDS, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import { LEGAL_TEXTS } from "#lib/protocol/legal/legal.ts";
import { VolunteerEngine } from "#workers/volunteer/engine.ts";
import type { EngineSnapshot } from "#workers/volunteer/engine-contract.ts";
import { createDeviceConnection } from "#workers/volunteer/exchange/device-connection.ts";
import { DataMeter } from "#workers/volunteer/governing/data-meter.ts";
import { readServer, SERVER_OPTION } from "../instance.ts";
import { readNumber, readOptions } from "../read-options.ts";
import { showTexts } from "../show-texts.ts";
import { type Command, type Terminal, UsageError } from "../terminal.ts";
import { openFileStorage } from "../volunteer/file-storage.ts";
import { NodeHost } from "../volunteer/node-host.ts";
import { openProfile, profileFolder, readPhraseFile } from "../volunteer/profile.ts";
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
  try {
    // V8 stays in its baseline compiler until a call returns, up to 14 times slower; a process that only computes had better compile well at once.
    setFlagsFromString("--no-liftoff");
    const storage = await openFileStorage(profile.folder);
    const data = new DataMeter(storage.usage);
    const onBytes = (bytes: number) => data.add(bytes);
    const connection = createDeviceConnection({
      baseUrl,
      key: profile.key,
      kind: "headless",
      cores,
      enrolmentCode: values.trusted,
      agree: async (signal) => await showTexts(createApi({ baseUrl }), LEGAL_TEXTS, { terminal, signal }),
      onBytes,
    });
    const report = createReport(terminal, values.json === true);
    const engine = new VolunteerEngine({
      baseUrl,
      settings,
      situation: HEADLESS_SITUATION,
      coresDefault: cores,
      host: new NodeHost({ usesGpu: settings.usesGpu }),
      connection,
      seqMemory: profile.seqMemory,
      storage,
      data,
      warmsUp: false,
      cpuMs,
      events: { onSnapshot: report },
    });
    if (!values.json) terminal.tell(`Computing for ${baseUrl} with ${cores} ${cores === 1 ? "core" : "cores"}. Ctrl-C stops and hands everything back.`);
    terminal.interrupt.addEventListener("abort", () => {
      if (!values.json) terminal.tell("Handing everything back. Ctrl-C again ends at once.");
      void engine.stop();
    });
    if (terminal.interrupt.aborted) void engine.stop();
    const last = await engine.run();
    if (last.phase === "failed" && last.reason && !values.json) terminal.tell(last.reason.message);
    return last.phase === "failed" ? 1 : 0;
  } finally {
    await profile.close();
  }
};

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
