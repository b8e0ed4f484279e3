import { createApi } from "#lib/client/api/api.ts";
import type { Job } from "#sdk/job.ts";
import type { OwnerShoal } from "../instance.ts";
import { showTexts } from "../show-texts.ts";
import type { Terminal } from "../terminal.ts";
import type { LocalJob } from "./read-job-file.ts";
import { toRequest } from "./to-request.ts";

const PERCENT = 100;

/** Says to which version of the terms its owner agrees, uploads what a job names, and creates it. */
export async function submit(shoal: OwnerShoal, local: LocalJob, terminal: Terminal): Promise<Job> {
  const signal = terminal.interrupt;
  const { terms } = await showTexts(createApi({ baseUrl: shoal.url }), ["terms"], { terminal, signal });
  const begun = new Set<string>();
  const job = await shoal.run(await toRequest(local), {
    signal,
    terms,
    onUpload({ field, sentBytes, totalBytes }) {
      if (!begun.has(field)) terminal.tell(`Uploading ${field}, ${totalBytes} bytes`);
      begun.add(field);
      if (terminal.isInteractive && sentBytes < totalBytes) terminal.draw(`${Math.floor((PERCENT * sentBytes) / totalBytes)} %`);
      else if (terminal.isInteractive) terminal.draw("");
    },
  });
  return job;
}
