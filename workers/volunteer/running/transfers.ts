import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { createBackOff } from "../back-off.ts";
import { delay } from "../delay.ts";

const ATTEMPTS_MAX = 4;
const ATTEMPT_DEADLINE_MS = 120_000;

type Span = { from: number; to: number };
/** `refused` will not change by repetition; `too_large` is the job's output limit. */
type UploadState = "stored" | "too_large" | "refused" | "unreachable";

/** Bytes to and from the instance, each attempt with a deadline, repeated a few times with back-off. */
export type Transfers = {
  /** A whole artifact. */
  fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A span of one; the answer must hold exactly that. */
  fetchRange(url: string, span: Span): Promise<Uint8Array>;
  upload(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<UploadState>;
};

/** An answer that repetition will not change. */
class FinalAnswer extends Error {
  override name = "FinalAnswer";
}

export type TransferOptions = { baseUrl: string; signal: AbortSignal /** Bytes that were sent or received. */; onBytes(bytes: number): void };

/** Transfers relative to the instance's URL, ended by `signal`. */
export function createTransfers({ baseUrl, signal, onBytes }: TransferOptions): Transfers {
  const attempt = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(new URL(url, baseUrl), { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_DEADLINE_MS)]) });
    if (response.status >= 500 || response.status === 429) throw new Error(`The instance answered ${response.status}.`);
    return response;
  };
  return {
    async fetchBytes(url) {
      return await persist(signal, async () => {
        const response = await attempt(url, {});
        if (response.status !== 200) throw new FinalAnswer(`The instance answered ${response.status} to an artifact.`);
        return await readBytes(response, JOB_LIMITS.filesBytesMax, onBytes);
      });
    },
    async fetchRange(url, { from, to }) {
      return await persist(signal, async () => {
        const response = await attempt(url, { headers: { range: `bytes=${from}-${to - 1}` } });
        if (response.status !== 206) throw new FinalAnswer(`The instance answered ${response.status} to a byte range.`);
        const bytes = await readBytes(response, to - from, onBytes);
        if (bytes.length !== to - from) throw new Error(`The instance sent ${bytes.length} of ${to - from} bytes.`);
        return bytes;
      });
    },
    async upload(url, bytes) {
      try {
        const { status } = await persist(signal, async () => {
          onBytes(bytes.length);
          return await attempt(url, { method: "PUT", body: bytes, headers: { "content-type": "application/octet-stream" } });
        });
        if (status === 413) return "too_large";
        return status < 300 ? "stored" : "refused";
      } catch {
        return "unreachable";
      }
    },
  };
}

/** Reads a body, but never more than was to be expected. */
async function readBytes(response: Response, bytesMax: number, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bodyOf(response)) {
    length += chunk.length;
    onBytes(chunk.length);
    if (length > bytesMax) throw new FinalAnswer(`The instance sends more than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** Not every browser can iterate a stream. */
async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

async function persist<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const backOff = createBackOff({ baseMs: 200, capMs: 5000, random: Math.random });
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || count === ATTEMPTS_MAX || error instanceof FinalAnswer) throw error;
      await delay(backOff.nextMs(), signal);
    }
  }
}
