import { expect, test } from "vitest";
import { type Command, matchCommands } from "./match-commands.ts";

const commands = ["API-Schlüssel", "Deine Jobs", "Einen Job einreichen", "Farben: dunkel"].map(
  (label): Command => ({ id: label, label, kind: "", run: () => undefined }),
);
const find = (query: string) => matchCommands(commands, query).map(({ label }) => label);

test("without a question every command is there, in its order", () => {
  expect(find("  ")).toEqual(commands.map(({ label }) => label));
});

test("the beginning of any word finds it, without accents and in any case", () => {
  expect(find("schlussel")).toEqual(["API-Schlüssel"]);
  expect(find("SCHLÜ")).toEqual(["API-Schlüssel"]);
  expect(find("hlüssel")).toEqual([]);
});

test("every word has to be found, in any order", () => {
  expect(find("einreichen job")).toEqual(["Einen Job einreichen"]);
  expect(find("dunkel einreichen")).toEqual([]);
});

test("what begins with the question comes before what only contains it", () => {
  expect(find("d")).toEqual(["Deine Jobs", "Farben: dunkel"]);
});
