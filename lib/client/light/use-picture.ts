"use client";

import type { PictureSoFar } from "#lib/ui/output/growing-picture.tsx";
import { type Polled, usePoll } from "./use-poll.ts";

const ASKED_MS = 5000;

/** The picture of a job as far as it is verified, read again and again while the page is seen. `path` is of the owner's or of everybody's. */
export function usePicture(path: string): Polled<PictureSoFar> {
  return usePoll(path, ASKED_MS, readPicture);
}

async function readPicture(response: Response): Promise<PictureSoFar> {
  const [accepted, all] = (response.headers.get("x-shoal-shards") ?? "").split("/").map(Number);
  if (!all) throw new Error("an answer without counts");
  return { bytes: new Uint8Array(await response.arrayBuffer()), accepted: accepted ?? 0, final: Number(response.headers.get("x-shoal-final")), all };
}
