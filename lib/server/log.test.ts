import { expect, test } from "vitest";
import { createLog } from "./log.ts";

test("secrets that a request may carry are never written, however deep they lie", () => {
  const lines: string[] = [];
  const log = createLog({ logLevel: "info" }, { write: (line) => lines.push(line) });
  const secrets = { authorization: "Bearer hush", cookie: "hush", secret: "hush", signature: "hush", token: "hush", enrolmentCode: "hush" };
  log.info({ ...secrets, request: { ...secrets, headers: { ...secrets, host: "kept" } } }, "kept");
  expect(lines.join("")).not.toContain("hush");
  expect(lines.join("").match(/kept/g)).toHaveLength(2);
});
