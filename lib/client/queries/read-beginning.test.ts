import { expect, test } from "vitest";
import { readBeginning } from "./read-beginning.ts";

/** An answer that arrives in pieces; counts how many of them were asked for. */
function answer(pieces: string[]): { response: Response; taken: () => number } {
  let next = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[next++];
        if (piece === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(piece));
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body), taken: () => next };
}
const textOf = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes);

test("reads as much as it may across pieces and leaves the rest unread", async () => {
  const { response, taken } = answer(["abc", "def", "ghi", "jkl", "mno"]);
  const sample = await readBeginning(response, () => 8);
  expect([textOf(sample), sample.isWhole]).toEqual(["abcdefgh", false]);
  expect(taken()).toBeLessThan(5);
});

test("knows when that was all of it", async () => {
  expect(await readBeginning(answer(["ab", "c"]).response, () => 8)).toMatchObject({ isWhole: true });
  expect(textOf(await readBeginning(answer([]).response, () => 8))).toBe("");
});

test("goes on where what it read asks for more", async () => {
  const sample = await readBeginning(answer(["P6", "xxxx", "yyyy"]).response, (read) => (textOf({ bytes: read }).startsWith("P6") ? 100 : 2));
  expect([textOf(sample), sample.isWhole]).toEqual(["P6xxxxyyyy", true]);
});
