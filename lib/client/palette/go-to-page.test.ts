import { expect, test } from "vitest";
import { isDocument } from "./go-to-page.ts";

test.each(["/", "/?from=1", "/#trust", "/docs", "/docs/", "/docs?x=1", "/docs#volunteer", "/docs/guide/lend-a-tab", "/docs/reference/errors#no_jobs"])(
  "%s is a document",
  (href) => expect(isDocument(href)).toBe(true),
);

test.each(["/volunteer", "/docsearch", "/jobs/docs", "/jobs", "/network?hours=24"])("%s is a page of the app", (href) => expect(isDocument(href)).toBe(false));
