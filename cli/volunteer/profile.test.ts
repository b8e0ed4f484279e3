import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeDeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import { createDevicePhrase, type DevicePhrase } from "#workers/volunteer/exchange/device-phrase.ts";
import { openProfile, readPhraseFile } from "./profile.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-profile-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function thumbprintOf(name: string, phrase: DevicePhrase | null): Promise<string> {
  const profile = await openProfile(join(folder, name), phrase);
  await profile.close();
  return (await describeDeviceKey(profile.key)).thumbprint;
}

test("a phrase makes the same device in every folder, which stays it without the phrase", async () => {
  const phrase = createDevicePhrase();
  const thumbprint = await thumbprintOf("here", phrase);
  expect(await thumbprintOf("there", phrase)).toBe(thumbprint);
  expect(await thumbprintOf("here", null)).toBe(thumbprint);
  expect(await thumbprintOf("new", null)).not.toBe(thumbprint);
});

test("a folder that holds another device is not taken over, and stays free for its own", async () => {
  const thumbprint = await thumbprintOf("here", null);
  await expect(openProfile(join(folder, "here"), createDevicePhrase())).rejects.toThrow("another device than the phrase");
  expect(await thumbprintOf("here", null)).toBe(thumbprint);
});

test("a file is read in any spacing, and one that holds no phrase is refused without its words", async () => {
  const [file, phrase] = [join(folder, "phrase"), createDevicePhrase()];
  await writeFile(file, ` ${phrase.replaceAll(" ", "\n")}\n`);
  expect(await readPhraseFile(file)).toBe(phrase);
  await writeFile(file, `${phrase} secretword`);
  const refusal = await readPhraseFile(file).catch((error: Error) => error.message);
  expect(refusal).toContain("words that are not of the list");
  expect(refusal).not.toContain("secretword");
  await expect(readPhraseFile(join(folder, "nowhere"))).rejects.toThrow("cannot be read");
});
