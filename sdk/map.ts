import { isOpen } from "#lib/domain/job/job.ts";
import { ShardFailedError } from "./errors.ts";
import type { ShardResult } from "./follow-outputs.ts";
import type { Job } from "./job.ts";
import type { JobRequest } from "./job-request.ts";
import type { RunOptions } from "./shoal.ts";
import type { Source } from "./source.ts";

const ITEMS_PER_JOB = 10_000;
const LF = 0x0a;

export type MapOptions<T, R> = Omit<JobRequest, "program" | "input" | "slicing"> &
  RunOptions & {
    /** An item as the one line a shard reads; JSON unless given, text as it is. */
    encode?: (item: T) => string;
    /** What a shard wrote for an item, without the newline at its end, as a value; the text itself unless given. */
    decode?: (text: string) => R;
    /** How many items one shard reads; with more than one the program writes one line for each. */
    itemsPerShard?: number;
    /** How many items one job has at most; the next job is submitted while the results of one are read. */
    itemsPerJob?: number;
  };

type Submit = (request: JobRequest, options: RunOptions) => Promise<Job>;
type Batch = { job: Job; count: number; first: number };

/**
 * Runs a program once for each item and gives what it wrote, in the order of the items. Takes items only as fast as results are read: at most two
 * jobs are under way. Leaving the loop early, an abort and an error cancel them, and what was not spent comes back. With an `idempotencyKey` each job has a key of its
 * own, made of it and the number of the job's first item, so that the same items under the same key are computed and paid once.
 */
export async function* mapItems<T, R = string>(
  items: Iterable<T> | AsyncIterable<T>,
  program: Source,
  { submit, options }: { submit: Submit; options: MapOptions<T, R> },
): AsyncGenerator<R, void> {
  const {
    encode = encodeItem,
    decode = (text: string) => text as R,
    itemsPerShard = 1,
    itemsPerJob = ITEMS_PER_JOB,
    signal,
    onUpload,
    terms,
    idempotencyKey,
    ...job
  } = options;
  const lines = linesOf(items, encode);
  let taken = 0;
  const submitNext = async (): Promise<Batch | null> => {
    const batch = await takeLines(lines, itemsPerJob);
    if (batch.length === 0) return null;
    const first = taken;
    taken += batch.length;
    const request: JobRequest = { ...job, program, input: new Blob(batch), slicing: { mode: "lines", linesPerShard: itemsPerShard } };
    const key = idempotencyKey && `${idempotencyKey}-${first}`;
    return { job: await submit(request, { signal, onUpload, terms, idempotencyKey: key }), count: batch.length, first };
  };
  const underWay = new Set<Promise<Batch | null>>();
  const begin = (): Promise<Batch | null> => {
    const batch = submitNext();
    // Whoever awaits it sees the error; until then it is not unhandled.
    batch.catch(() => {});
    underWay.add(batch);
    return batch;
  };
  try {
    for (let next = begin(); ; ) {
      const current = next;
      const batch = await current;
      if (batch === null) return;
      next = begin();
      let read = 0;
      for await (const result of batch.job.results({ signal }))
        for (const text of textsOf(batch, result, Math.min(itemsPerShard, batch.count - read))) {
          read += 1;
          yield decode(text);
        }
      underWay.delete(current);
    }
  } finally {
    for (const batch of underWay) await cancelIfOpen(batch);
    await lines.return(undefined);
  }
}

async function cancelIfOpen(pending: Promise<Batch | null>): Promise<void> {
  try {
    const batch = await pending;
    if (batch && isOpen((await batch.job.view()).state)) await batch.job.cancel();
  } catch {
    // The error that ended the loop is the one to tell; a job that cannot be cancelled now ends by itself.
  }
}

/** A shard's output as one text for each of its items. */
function textsOf({ job }: Batch, result: ShardResult, itemCount: number): string[] {
  if (!result.ok) throw new ShardFailedError(job.id, result);
  if (itemCount === 1) return [trimNewline(result.text())];
  const texts = trimNewline(result.text()).split("\n");
  if (texts.length === itemCount) return texts;
  const message = `the program wrote ${texts.length} lines for ${itemCount} items`;
  throw new ShardFailedError(job.id, { no: result.no, reason: { code: "lines_differ", message } });
}

function trimNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function encodeItem(item: unknown): string {
  return typeof item === "string" ? item : JSON.stringify(item);
}

async function* linesOf<T>(items: Iterable<T> | AsyncIterable<T>, encode: (item: T) => string): AsyncGenerator<string, void> {
  let index = 0;
  for await (const item of items) {
    const line = encode(item);
    if (line.includes("\n")) throw new TypeError(`Item ${index} has a line break in it; encode it without one, for example as JSON.`);
    index += 1;
    yield `${line}${String.fromCharCode(LF)}`;
  }
}

async function takeLines(lines: AsyncGenerator<string, void>, countMax: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < countMax) {
    const { done, value } = await lines.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
