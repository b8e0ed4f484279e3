import { useEffect, useRef } from "react";
import { getArtifact } from "#lib/protocol/artifacts/artifacts.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { JobJson } from "#lib/protocol/jobs/job-json.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { api } from "../api.ts";
import { type FieldProblems, fillForm, type JobForm } from "./job-form.ts";
import { rememberUploaded } from "./submit-job.ts";

/** What is larger is not fetched into a page only to be sent back. */
const FETCHED_BYTES_MAX = 256 * 1024 * 1024;

export type CopiedForm = { form: JobForm; problems: FieldProblems };

/** Fills a form in from a job that was submitted before, once, with its files fetched from the instance; what cannot be had is asked for at its field. */
export function useCopiedJob(job: JobJson | null, onRead: (copied: CopiedForm) => void): void {
  const words = useWords();
  const read = useRef(onRead);
  read.current = onRead;
  const said = useRef(words);
  said.current = words;
  useEffect(() => {
    if (!job) return;
    const leaving = new AbortController();
    readCopy(job, said.current, leaving.signal).then(
      (copied) => read.current(copied),
      () => undefined,
    );
    return () => leaving.abort();
  }, [job]);
}

async function readCopy(job: JobJson, { text, fill }: Words, signal: AbortSignal): Promise<CopiedForm> {
  const problems: FieldProblems = {};
  const fetchFile = async (field: "program" | "input" | "files" | "verifier" | "reducer", name: string, sha256: string): Promise<File | null> => {
    const file = await fetchArtifact(name, sha256, signal);
    if (typeof file !== "string") return file;
    problems[field] = fill(text.studio.reuse[file], { name });
    return null;
  };
  const program = await fetchFile("program", job.program.runtime === "wgsl" ? "program.wgsl" : "program.wasm", job.program.artifact.sha256);
  const input = job.input ? await fetchFile("input", "input", job.input.sha256) : null;
  const own = job.verification.verifier;
  const verifier = own ? await fetchFile("verifier", "verifier.wasm", own.artifact.sha256) : null;
  const reducer = job.reducer.kind === "wasi" ? await fetchFile("reducer", "reducer.wasm", job.reducer.artifact.sha256) : null;
  const files = await Promise.all(job.files.map(async ({ name, artifact }) => ({ name, file: await fetchFile("files", name, artifact.sha256) })));
  const found = files.flatMap(({ name, file }) => (file ? [{ name, file }] : []));
  return { form: fillForm(job, { program, input, verifier, reducer, files: found }), problems };
}

/** The artifact as a file that needs no second upload, or why it cannot be had. */
async function fetchArtifact(name: string, sha256: string, signal: AbortSignal): Promise<File | "large" | "gone" | "unreached"> {
  try {
    const response = await api.open(getArtifact, { sha256 }, { signal });
    if (Number(response.headers.get("content-length")) > FETCHED_BYTES_MAX) {
      await response.body?.cancel();
      return "large";
    }
    const file = new File([await response.blob()], name);
    rememberUploaded(file, sha256);
    return file;
  } catch (error) {
    if (signal.aborted) throw error;
    return error instanceof ApiError && error.code === "not_found" ? "gone" : "unreached";
  }
}
