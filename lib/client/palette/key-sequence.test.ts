import { expect, test } from "vitest";
import { KeySequence } from "./key-sequence.ts";

const keys = () => new KeySequence([["g", "j"], ["g", "n"], ["?"]]);

test("two keys one after the other make a sequence, one of its own makes itself", () => {
  const sequence = keys();
  expect([sequence.type("g", 0), sequence.type("j", 500), sequence.type("?", 600)]).toEqual([null, ["g", "j"], ["?"]]);
});

test("a first key that waited too long is forgotten", () => {
  const sequence = keys();
  expect([sequence.type("g", 0), sequence.type("j", 2000)]).toEqual([null, null]);
});

test("a wrong second key begins anew", () => {
  const sequence = keys();
  expect([sequence.type("g", 0), sequence.type("g", 100), sequence.type("n", 200)]).toEqual([null, null, ["g", "n"]]);
  expect([sequence.type("g", 300), sequence.type("x", 400), sequence.type("j", 500)]).toEqual([null, null, null]);
});
