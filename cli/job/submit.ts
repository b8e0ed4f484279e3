import { createApi } from "#lib/client/api/api.ts";
import { PaceMeter, type TransferPace } from "#lib/client/api/transfer-pace.ts";
import type { Job } from "#sdk/job.ts";
import type { UploadProgress } from "#sdk/upload.ts";
import type { OwnerShoal } from "../instance.ts";
import { showTexts } from "../show-texts.ts";
import type { Terminal } from "../terminal.ts";
import { describeSeconds } from "./progress.ts";
import type { LocalJob } from "./read-job-file.ts";
import { toRequest } from "./to-request.ts";

const PERCENT = 100;
const MEBI = 1024 * 1024;

type Options = { terminal: Terminal; idempotencyKey: string | undefined };

/** Says to which version of the terms its owner agrees, uploads what a job names, and creates it. An upload that was interrupted goes on where it was. */
export async function submit(shoal: OwnerShoal, local: LocalJob, { terminal, idempotencyKey }: Options): Promise<Job> {
  const signal = terminal.interrupt;
  const { terms } = await showTexts(createApi({ baseUrl: shoal.url }), ["terms"], { terminal, signal });
  return await shoal.run(await toRequest(local), { signal, terms, idempotencyKey, onUpload: createUploadView(terminal) });
}

/** Says once of each upload that it begins, or where it goes on, and when the connection is lost; in a terminal how far it is, how fast, and how long it takes. */
function createUploadView(terminal: Terminal): (progress: UploadProgress) => void {
  const meters = new Map<string, PaceMeter>();
  let isWaiting = false;
  return (progress) => {
    const { field, stage, sentBytes, totalBytes } = progress;
    if (stage === "waiting" && !isWaiting) terminal.tell(`The connection is lost; the upload of ${field} goes on as soon as it is back.`);
    isWaiting = stage === "waiting";
    if (stage !== "sending") return;
    if (!meters.has(field)) terminal.tell(describeBegin(progress));
    const meter = meters.get(field) ?? new PaceMeter();
    meters.set(field, meter);
    const pace = meter.add(Date.now(), { doneBytes: sentBytes, totalBytes });
    if (terminal.isInteractive) terminal.draw(sentBytes < totalBytes ? describePace(sentBytes / totalBytes, pace) : "");
  };
}

function describeBegin({ field, sentBytes, totalBytes }: UploadProgress): string {
  if (sentBytes === totalBytes) return `${field} is there already, ${totalBytes} bytes`;
  return `Uploading ${field}, ${totalBytes} bytes${sentBytes > 0 ? `, from byte ${sentBytes} on` : ""}`;
}

function describePace(share: number, { bytesPerSecond, msLeft }: TransferPace): string {
  const parts = [`${Math.floor(PERCENT * share)} %`];
  if (bytesPerSecond !== null) parts.push(`${(bytesPerSecond / MEBI).toFixed(1)} MiB/s`);
  if (msLeft !== null) parts.push(`${describeSeconds(msLeft / 1000)} left`);
  return parts.join(" · ");
}
