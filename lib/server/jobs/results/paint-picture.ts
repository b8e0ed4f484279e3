import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { type MosaicPreview, paintTile, planPreview } from "#lib/domain/reduce/mosaic-preview.ts";
import type { Services } from "../../context.ts";
import type { Db } from "../../db/client.ts";
import { getCounters } from "../../shards/shard-store.ts";
import type { Job } from "../job-store.ts";
import { listAcceptedNos, listOutputsOf } from "../results-store.ts";
import { readOutput } from "./fold-result.ts";
import { encodePng } from "./png.ts";

/** A mosaic as far as it is verified, made small. `version` differs where the picture or its counts do. */
export type Painted = { png: Buffer; version: string; accepted: number; final: number };

type Canvas = { preview: MosaicPreview; rgba: Uint8Array; painted: Set<number>; revoked: number; atMs: number; latest: Promise<Painted | null> };

/** Many who look at one picture cost one reading in so long. */
const HELD_MS = 2000;
/** What one reading paints at most; a job of which more is new is painted over several readings. */
const NEW_TILES_MAX = 2048;
const NEW_BYTES_MAX = 64 * 1024 * 1024;
/** Canvases have 1 MiB at most. */
const CANVASES_MAX = 64;

/** The canvases of this process, the one longest not asked for first. Losing them costs one painting each. */
const canvases = new WeakMap<Db, Map<JobId, Canvas>>();

/**
 * The picture that the accepted tiles of a job make, transparent where there is none yet, at most two seconds old; null where the job makes no picture, or one
 * of too many tiles. A tile that was taken back is in none that is painted afterwards.
 */
export async function paintPicture(services: Services, job: Job): Promise<Painted | null> {
  const { reducer, output } = job.spec;
  if (reducer.kind !== "mosaic" || !output.tile) return null;
  const preview = planPreview({ columns: reducer.columns, tile: output.tile, shardCount: job.shardCount });
  if (!preview) return null;
  const held = canvases.get(services.db) ?? new Map<JobId, Canvas>();
  canvases.set(services.db, held);
  const nowMs = services.clock.now().getTime();
  const known = held.get(job.id);
  const canvas = known ?? { ...emptyCanvas(preview), atMs: nowMs, latest: Promise.resolve(null) };
  held.delete(job.id);
  held.set(job.id, canvas);
  if (!known || nowMs - canvas.atMs >= HELD_MS) {
    canvas.atMs = nowMs;
    // One reading at a time: they share the canvas.
    canvas.latest = canvas.latest.catch(() => null).then((last) => paint(services, job, { canvas, last }));
  }
  for (const oldest of held.keys()) if (held.size > CANVASES_MAX) held.delete(oldest);
  try {
    return await canvas.latest;
  } catch (error) {
    if (held.get(job.id) === canvas) held.delete(job.id);
    throw error;
  }
}

function emptyCanvas(preview: MosaicPreview): Omit<Canvas, "atMs" | "latest"> {
  return { preview, rgba: new Uint8Array(preview.width * preview.height * 4), painted: new Set(), revoked: 0 };
}

async function paint(services: Services, job: Job, { canvas, last }: { canvas: Canvas; last: Painted | null }): Promise<Painted> {
  const counters = await getCounters(services.db, job.id);
  if (counters.revoked !== canvas.revoked) Object.assign(canvas, emptyCanvas(canvas.preview), { revoked: counters.revoked });
  if (canvas.painted.size < counters.accepted) await paintNew(services, job, canvas);
  // Those that failed count as final too, and are in no picture.
  const [accepted, final] = [canvas.painted.size, Math.min(counters.final, canvas.painted.size)];
  const version = `${counters.revoked}-${accepted}-${final}`;
  if (last?.version === version) return last;
  return { png: await encodePng({ ...canvas.preview, rgba: canvas.rgba }), version, accepted, final };
}

async function paintNew(services: Services, job: Job, { preview, rgba, painted }: Canvas): Promise<void> {
  const missing = (await listAcceptedNos(services.db, job.id)).filter((no) => !painted.has(no)).slice(0, NEW_TILES_MAX);
  let bytes = 0;
  for (const output of await listOutputsOf(services.db, job.id, missing)) {
    if (bytes >= NEW_BYTES_MAX) break;
    const pixels = await readOutput(services, output);
    bytes += pixels.length;
    // Bytes that are no tile leave their place empty, as in the result.
    paintTile(rgba, preview, { no: output.no, pixels });
    painted.add(output.no);
  }
}
