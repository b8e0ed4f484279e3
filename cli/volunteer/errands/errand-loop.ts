import { setTimeout as sleep } from "node:timers/promises";
import { ERRAND_LIMITS } from "#lib/domain/errand/errand.ts";
import type { ErrandReport, ErrandView } from "#lib/protocol/errands/errands.ts";
import { exchangeErrands } from "#lib/protocol/errands/errands.ts";
import { createBackOff } from "#workers/volunteer/back-off.ts";
import type { DeviceCalls } from "#workers/volunteer/exchange/device-calls.ts";
import { type FetchPiece, runErrand } from "./run-errand.ts";

/** Of outputs in base64, in one request beside the first. */
const REPORTED_CHARS_MAX = 4 * 1024 * 1024;

type Loop = { calls: DeviceCalls; baseUrl: string; cores: number; signal: AbortSignal };

/** Runs what the instance asks of trusted devices beside replicas, as many at once as there are cores, until the signal ends it. What goes wrong on the way is tried again later. */
export async function runErrands({ calls, baseUrl, cores, signal }: Loop): Promise<void> {
  const backOff = createBackOff({ baseMs: 500, capMs: 30_000, random: Math.random });
  const fetchPiece = fetchFrom(baseUrl, signal);
  let done: ErrandReport[] = [];
  while (!signal.aborted) {
    try {
      const [reports, later] = splitReports(done);
      const { errands, retryAfterMs } = await calls.call(
        exchangeErrands,
        { reports, want: later.length > 0 ? 0 : Math.min(cores, ERRAND_LIMITS.takenMax) },
        { signal },
      );
      backOff.reset();
      done = [...later, ...(await Promise.all(errands.map((errand) => attempt(errand, fetchPiece))))];
      if (done.length === 0) await sleep(retryAfterMs, undefined, { signal });
    } catch {
      await sleep(backOff.nextMs(), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** As many reports as fit into one request with their outputs, and the others. */
function splitReports(reports: readonly ErrandReport[]): [ErrandReport[], ErrandReport[]] {
  let chars = 0;
  const count = reports.findIndex(({ output = "" }, i) => {
    chars += output.length;
    return i > 0 && chars > REPORTED_CHARS_MAX;
  });
  return count < 0 ? [[...reports], []] : [reports.slice(0, count), reports.slice(count)];
}

/** One whose bytes cannot be had is the machine's failure, and goes to somebody else. */
async function attempt(errand: ErrandView, fetchPiece: FetchPiece): Promise<ErrandReport> {
  try {
    return await runErrand(errand, fetchPiece);
  } catch (error) {
    return { errandId: errand.errandId, outcome: "crashed", durationMs: 0, stderr: error instanceof Error ? error.message : String(error) };
  }
}

/** Fetches pieces from the instance at this origin. */
export function fetchFrom(baseUrl: string, signal: AbortSignal): FetchPiece {
  return async ({ url, start, end }) => {
    const isWhole = start === 0 && end === Number.MAX_SAFE_INTEGER;
    if (start === end) return new Uint8Array();
    const response = await fetch(new URL(url, baseUrl), { signal, headers: isWhole ? {} : { range: `bytes=${start}-${end - 1}` } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || (!isWhole && bytes.length !== end - start))
      throw new Error(`The instance did not hand out what the errand needs (HTTP ${response.status}).`);
    return bytes;
  };
}
