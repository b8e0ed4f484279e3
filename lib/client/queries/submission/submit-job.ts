import type { JobSubmission } from "#lib/domain/job/job.ts";
import { needsInput } from "#lib/domain/slicing/slicing.ts";
import type { UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { createJob, type JobView } from "#lib/protocol/jobs/jobs.ts";
import { newIdempotencyKey } from "../../api/idempotency-key.ts";
import { PaceMeter, type TransferPace } from "../../api/transfer-pace.ts";
import { type UploadStage, uploadBlob } from "../../api/upload-blob.ts";
import { api } from "../api.ts";
import type { JobForm } from "./job-form.ts";
import { UploadError } from "./place-error.ts";

/** What a submission is doing: reading, sending or holding back one file, or waiting for the server to check and cut. */
export type SubmitStep = ({ kind: "upload"; name: string; stage: UploadStage["stage"]; doneBytes: number; bytes: number } & TransferPace) | { kind: "check" };

/** `terms` is the version of the terms that the form showed. */
export type Submission = { form: JobForm; spec: JobSubmission; terms: string; signal: AbortSignal; onStep: (step: SubmitStep) => void };

/** Digests of files that this page has uploaded, so that a second attempt sends only what changed. */
const uploaded = new WeakMap<File, string>();

/** Notes that the instance has the file's bytes already, under this digest. */
export function rememberUploaded(file: File, sha256: string): void {
  uploaded.set(file, sha256);
}

function forgetUploaded(files: readonly (File | null)[]): void {
  for (const file of files) if (file) uploaded.delete(file);
}

/** Uploads what is not uploaded yet, puts the server's digests into the submission and submits it. Throws UploadError or ApiError; an abort ends it at once. */
export async function submitJob({ form, spec, terms, signal, onStep }: Submission): Promise<JobView> {
  const { program, input, files, verifier, reducer } = form;
  if (!program) throw new Error("a form without a program was not checked");
  const send = (part: UploadPart, file: File) => sendOnce(part, file, { signal, onStep });
  const complete: JobSubmission = { ...spec, program: { ...spec.program, artifact: await send("program", program) }, files: [] };
  if (input && needsInput(form.mode)) complete.input = await send("input", input);
  for (const { name, file } of files) complete.files.push({ name, artifact: await send("file", file) });
  const own = spec.verification.verifier;
  if (verifier && own) complete.verification = { verifier: { ...own, artifact: await send("program", verifier) } };
  if (reducer && spec.reducer.kind === "wasi") complete.reducer = { ...spec.reducer, artifact: await send("program", reducer) };
  onStep({ kind: "check" });
  try {
    const job = await api.call(createJob, { ...complete, terms }, { signal, idempotencyKey: keyOf({ ...complete, terms }) });
    lastSent = null;
    return job;
  } catch (error) {
    // The uploads belong to another account or were collected: the next attempt sends everything.
    if (error instanceof ApiError && error.code === "artifact_missing")
      forgetUploaded([program, input, verifier, reducer, ...files.map((shared) => shared.file)]);
    throw error;
  }
}

/** What this page last tried to submit. It keeps its key until it has become a job: one whose answer was lost is not made a second time. */
let lastSent: { text: string; key: string } | null = null;

function keyOf(submission: JobSubmission & { terms: string }): string {
  const text = JSON.stringify(submission);
  if (lastSent?.text !== text) lastSent = { text, key: newIdempotencyKey() };
  return lastSent.key;
}

/** Uploads a file unless this page did before; its digest. Throws `UploadError`; an abort ends it at once. */
export async function sendOnce(part: UploadPart, file: File, { signal, onStep }: Pick<Submission, "signal" | "onStep">): Promise<{ sha256: string }> {
  const known = uploaded.get(file);
  if (known !== undefined) return { sha256: known };
  signal.throwIfAborted();
  const meters = { reading: new PaceMeter(), sending: new PaceMeter(), waiting: new PaceMeter() };
  const onStage = ({ stage, doneBytes, totalBytes }: UploadStage) =>
    onStep({ kind: "upload", name: file.name, stage, doneBytes, bytes: totalBytes, ...meters[stage].add(performance.now(), { doneBytes, totalBytes }) });
  try {
    const sha256 = await uploadBlob({ baseUrl: "" }, file, { part, signal, onStage });
    uploaded.set(file, sha256);
    return { sha256 };
  } catch (error) {
    if (signal.aborted) throw error;
    throw new UploadError(part, error);
  }
}
