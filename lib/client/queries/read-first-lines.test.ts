import { expect, test } from "vitest";
import { readFirstLines, splitCsvLine } from "./read-first-lines.ts";

const LIMITS = { linesMax: 3, bytesMax: 40 };

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

test("reads whole lines across pieces and leaves the rest unread", async () => {
  const { response, taken } = answer(["a,b\n1", ",2\n3,4\n", "5,6\n", "7,8\n", "9,10\n"]);
  expect(await readFirstLines(response, LIMITS)).toEqual(["a,b", "1,2", "3,4"]);
  expect(taken()).toBeLessThan(5);
});

test("keeps a last line without a newline when the answer ended", async () => {
  expect(await readFirstLines(answer(["a\r\n", "b"]).response, LIMITS)).toEqual(["a", "b"]);
});

test("drops a line that the limit of bytes cut, unless it is the only one", async () => {
  expect(await readFirstLines(answer(["short\n", "x".repeat(100)]).response, LIMITS)).toEqual(["short"]);
  expect(await readFirstLines(answer(["x".repeat(100)]).response, LIMITS)).toEqual(["x".repeat(40)]);
});

test("an empty answer has no lines", async () => {
  expect(await readFirstLines(answer([]).response, LIMITS)).toEqual([]);
});

test("splits quoted, empty and plain fields", () => {
  expect(splitCsvLine('a,"b, ""c""",,d')).toEqual(["a", 'b, "c"', "", "d"]);
  expect(splitCsvLine("a,")).toEqual(["a", ""]);
});
