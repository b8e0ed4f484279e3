import { MARKS_MAX, SHARD_STATES } from "#lib/domain/job/shard-map.ts";
import type { Mark } from "#lib/ui/shoal/marks.ts";
import { type Colours, makeStamps, paintSwim } from "#lib/ui/shoal/paint-swim.ts";
import { SWIM_MS, Swim } from "#lib/ui/shoal/swim.ts";

export interface ShoalRequest {
  width: number;
  height: number;
  dpr: number;
  frames: number;
}
/** Milliseconds of each frame: of the calls alone, and until every pixel is there. */
export interface ShoalFrames {
  callsMs: number[];
  pixelsMs: number[];
}

declare global {
  /** Paints so many frames of a full school in which every mark swims. */
  var benchShoal: (request: ShoalRequest) => ShoalFrames;
}

const COLOURS: Colours = {
  failed: "#a33",
  revoked: "#a70",
  wrong: "#a70",
  granted: "#178",
  reported: "#178",
  waiting: "#0004",
  provisional: "#1649",
  accepted: "#164",
};

globalThis.benchShoal = ({ width, height, dpr, frames }) => {
  const canvas = document.createElement("canvas");
  canvas.width = width * dpr;
  canvas.height = height * dpr;
  document.body.append(canvas);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws no canvas.");
  const swim = new Swim();
  swim.resize(width, height);
  swim.show(schoolOf(0), null);
  const stamps = makeStamps(COLOURS, swim.school.cellHeight, dpr);
  const image = new ImageData(canvas.width, canvas.height);
  const result: ShoalFrames = { callsMs: [], pixelsMs: [] };
  for (let frame = 0; frame < frames; frame++) {
    // Every school is shown anew in other states, and painted in the middle of the way: the dearest frame there is.
    swim.show(schoolOf(frame), null);
    swim.show(schoolOf(frame + 1), 0);
    const startedAt = performance.now();
    paintSwim(context, image, { swim, stamps, nowMs: SWIM_MS / 2 });
    const calledAt = performance.now();
    // Reading one pixel waits for all of them.
    context.getImageData(0, 0, 1, 1);
    result.callsMs.push(calledAt - startedAt);
    result.pixelsMs.push(performance.now() - startedAt);
  }
  canvas.remove();
  return result;
};

function schoolOf(shift: number): Mark[] {
  return Array.from({ length: MARKS_MAX }, (_, no) => ({
    state: SHARD_STATES[(no + shift) % SHARD_STATES.length] ?? "waiting",
    fromNo: no,
    toNo: no + 1,
    device: `dev_${Math.floor(no / 50)}`,
  }));
}
