import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { makeZip } from "#lib/testing/make-zip.ts";
import { assembleModule } from "#lib/testing/programs/assemble-module.ts";
import { expect, test } from "./people.ts";

const PROGRAM = join(import.meta.dirname, "..", "lib", "testing", "programs", "probe.wasm");
const JOB = { version: 1, name: "Count", program: { runtime: "wasi", artifact: { path: "p.wasm" } }, slicing: { mode: "fasta" }, input: { path: "in.fasta" } };

type Upload = { name: string; mimeType: string; buffer: Buffer };
const upload = (name: string, content: string | Uint8Array): Upload => ({ name, mimeType: "", buffer: Buffer.from(content) });
/** The part of the form around a field, with its label, its hint and its problem. */
const fieldOf = (page: Page, label: string): Locator => page.locator("label", { hasText: new RegExp(`^${label}$`) }).locator("..");

async function openForm(page: Page): Promise<void> {
  await page.goto("/jobs/new");
  await expect(page.getByRole("button", { name: "Submit job" })).toBeVisible();
}

async function submitFiles(page: Page, files: Upload[]): Promise<void> {
  await openForm(page);
  await page.getByTestId("files").setInputFiles(files);
  await expect(page.getByText("Filled in from job.json.")).toBeVisible();
  await page.getByRole("checkbox", { name: /I may share these files/ }).check();
  await page.getByRole("button", { name: "Submit job" }).click();
}

test("an empty form says at each field what is missing and creates nothing", async ({ owner }) => {
  await openForm(owner);
  await owner.getByRole("button", { name: "Submit job" }).click();
  await expect(fieldOf(owner, "Program")).toContainText("Choose the file.");
  await expect(fieldOf(owner, "Name")).toContainText("Write something here.");
  await expect(owner.getByText("Confirm this before you submit.")).toBeVisible();
  await expect(owner.getByText("Not submitted. Nothing was created.")).toBeVisible();
  await expect(owner.getByRole("button", { name: "Program Choose a file" })).toBeFocused();
});

test("a file that is no module is refused at the program, and everything entered stays", async ({ owner }) => {
  await submitFiles(owner, [upload("job.json", JSON.stringify(JOB)), upload("p.wasm", "#!/bin/sh"), upload("in.fasta", ">a\nAC\n")]);
  await expect(fieldOf(owner, "Program")).toContainText("The program cannot run here:");
  await expect(owner.getByLabel("Name")).toHaveValue("Count");
  await expect(fieldOf(owner, "Input")).toContainText("in.fasta");
  await owner.goto("/jobs");
  await expect(owner.getByText("You have no jobs yet")).toBeVisible();
});

test("a module that asks for more than the sandbox gives is refused with what to do", async ({ owner }) => {
  const component = new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
  await submitFiles(owner, [upload("job.json", JSON.stringify(JOB)), upload("p.wasm", component), upload("in.fasta", ">a\nAC\n")]);
  await expect(fieldOf(owner, "Program")).toContainText(/component/i);
});

test("an input that is not FASTA is refused with its line, before and after it is sent", async ({ owner }) => {
  await submitFiles(owner, [upload("job.json", JSON.stringify(JOB)), upload("p.wasm", assembleModule()), upload("in.fasta", "AC\n")]);
  await expect(owner.getByText("The input is not FASTA: line 1:")).toHaveCount(2);
  await expect(fieldOf(owner, "Input")).toContainText("The input is not FASTA: line 1:");
});

test("a table's broken row is named by its line", async ({ owner }) => {
  const csv = { ...JOB, slicing: { mode: "csv" }, input: { path: "in.csv" } };
  await submitFiles(owner, [upload("job.json", JSON.stringify(csv)), upload("p.wasm", assembleModule()), upload("in.csv", "a,b\n1,2\n3\n")]);
  await expect(fieldOf(owner, "Input")).toContainText("The input is not CSV: line 3:");
});

test("a zip that climbs out of its folder is refused at its field", async ({ owner }) => {
  const zip = { ...JOB, slicing: { mode: "files" }, input: { path: "in.zip" } };
  const files = [upload("job.json", JSON.stringify(zip)), upload("p.wasm", assembleModule()), upload("in.zip", makeZip([{ name: "../up", content: "x" }]))];
  await submitFiles(owner, files);
  await expect(fieldOf(owner, "Input")).toContainText("The zip cannot be unpacked:");
});

test("the shards of a grid of a million points are counted at once", async ({ owner }) => {
  const axes = ["x", "y"].map((name) => ({ name, from: 0, to: 1, count: 1000 }));
  const grid = { ...JOB, slicing: { mode: "grid", axes }, input: undefined };
  await openForm(owner);
  await owner.getByTestId("files").setInputFiles([upload("job.json", JSON.stringify(grid)), upload("p.wasm", assembleModule())]);
  await expect(owner.getByText("1,000,000 shards in all.")).toBeVisible();
});

test("an input without records and a template with an unknown placeholder are refused at their fields", async ({ owner }) => {
  await submitFiles(owner, [upload("job.json", JSON.stringify(JOB)), upload("p.wasm", assembleModule()), upload("in.fasta", "")]);
  await expect(fieldOf(owner, "Input")).toContainText("The input holds no FASTA records");
  await owner.getByLabel("Arguments").fill("--from {from}");
  await owner.getByTestId("input-file").setInputFiles(upload("in.fasta", ">a\nAC\n"));
  await owner.getByRole("button", { name: "Submit job" }).click();
  await expect(fieldOf(owner, "Arguments")).toContainText("The arguments are not right");
});

test("a job dearer than the balance is refused at its price, and submits once it is affordable", async ({ owner }) => {
  const job = { ...JOB, slicing: { mode: "range", from: 0, to: 10 }, input: undefined, price: { replicaMicro: "900000000" } };
  await submitFiles(owner, [upload("job.json", JSON.stringify(job)), upload("p.wasm", assembleModule())]);
  await expect(owner.getByText("Your balance does not cover this.")).toBeVisible();
  const price = fieldOf(owner, "Price of one agreeing replica");
  await expect(price).toContainText("The job reserves 45,000 and you have 1,000.");
  await price.getByRole("textbox").fill("0.001");
  await owner.getByRole("button", { name: "Submit job" }).click();
  await expect(owner.getByRole("heading", { name: "Count" })).toBeVisible();
  await owner.getByRole("button", { name: "Cancel job" }).click();
  const question = owner.getByRole("dialog", { name: "Cancel this job?" });
  await expect(question).toContainText("10 shards without a verdict");
  await expect(question).toContainText("0.05 DEMO");
  await question.getByRole("button", { name: "Cancel job" }).click();
  await expect(owner.getByText("You cancelled the job. What was not spent was returned.")).toBeVisible();
});

test("a job.json with a field that nobody knows changes nothing and is named", async ({ owner }) => {
  await openForm(owner);
  await owner.getByTestId("files").setInputFiles([upload("job.json", JSON.stringify({ ...JOB, colour: "blue" })), upload("p.wasm", assembleModule())]);
  await expect(owner.getByText("job.json: colour: it is not a known field.")).toBeVisible();
  await expect(owner.getByLabel("Name")).toHaveValue("");
});

test("a file that job.json names and nobody gave is asked for at its field", async ({ owner }) => {
  await openForm(owner);
  await owner
    .getByTestId("files")
    .setInputFiles([upload("job.json", JSON.stringify(JOB)), { name: "in.fasta", mimeType: "", buffer: Buffer.from(">a\nAC\n") }]);
  await expect(fieldOf(owner, "Program")).toContainText("p.wasm is named in job.json but was not dropped.");
  await owner.getByTestId("program-file").setInputFiles(PROGRAM);
  await expect(fieldOf(owner, "Program")).not.toContainText("was not dropped");
});
