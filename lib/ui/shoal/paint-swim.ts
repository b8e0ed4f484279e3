import { SHARD_STATES, type ShardState } from "#lib/domain/job/shard-map.ts";
import type { Swim } from "./swim.ts";

/** The colour of each state, as CSS writes it. */
export type Colours = Record<ShardState, string>;

/**
 * What bodies are stamped with: how much of each pixel every shape covers, at quarters of a pixel across and down, and the colour of each state.
 * Thousands of stamps into the pixels take a tenth of the time of as many calls of the canvas.
 */
export type Stamps = { masks: Mask[]; side: number; cellHeight: number; dpr: number; inks: Record<ShardState, Ink> };
/** The pixels that a shape covers, and how much of each, from 0 to 1. */
type Mask = { across: Int32Array; down: Int32Array; cover: Float32Array };
type Ink = { r: number; g: number; b: number; a: number };

/** A failed body stands upright, one that is computed is an outline: nobody has to tell states by colour alone. */
const SHAPES = ["solid", "outline", "upright"] as const;
const SHAPE_OF: Record<ShardState, number> = {
  failed: 2,
  revoked: 1,
  wrong: 0,
  granted: 1,
  reported: 0,
  waiting: 0,
  provisional: 0,
  accepted: 0,
};
const PHASES = 4;
/** A body's length and half its height, in heights of a cell. */
const LENGTH = 1.3;
const BELLY = 0.48;

/** Draws every shape once for cells of this height, in pixels of the device. */
export function makeStamps(colours: Colours, cellHeight: number, dpr: number): Stamps {
  const size = cellHeight * dpr;
  const side = Math.ceil(size * LENGTH) + 4;
  const context = openScratch(side, side);
  const masks = SHAPES.flatMap((shape) =>
    Array.from({ length: PHASES * PHASES }, (_, phase) => {
      context.resetTransform();
      context.clearRect(0, 0, side, side);
      context.translate(side / 2 + (phase % PHASES) / PHASES, side / 2 + Math.floor(phase / PHASES) / PHASES);
      drawBody(context, shape, size);
      return toMask(context.getImageData(0, 0, side, side));
    }),
  );
  return { masks, side, cellHeight, dpr, inks: readInks(colours) };
}

function toMask({ data, width }: ImageData): Mask {
  const covered = Array.from({ length: data.length / 4 }, (_, i) => i).filter((i) => (data[i * 4 + 3] ?? 0) > 0);
  return {
    across: Int32Array.from(covered, (i) => i % width),
    down: Int32Array.from(covered, (i) => Math.floor(i / width)),
    cover: Float32Array.from(covered, (i) => (data[i * 4 + 3] ?? 0) / 255),
  };
}

function drawBody(context: CanvasRenderingContext2D, shape: (typeof SHAPES)[number], size: number): void {
  const half = (size * LENGTH) / 2;
  const belly = size * BELLY;
  if (shape === "upright") context.rotate(Math.PI / 2);
  context.beginPath();
  context.moveTo(-half, 0);
  context.bezierCurveTo(-half * 0.4, -belly, half * 0.4, -belly, half, 0);
  context.bezierCurveTo(half * 0.4, belly, -half * 0.4, belly, -half, 0);
  context.lineJoin = "round";
  context.lineWidth = Math.max(1, size * 0.13);
  if (shape === "outline") context.stroke();
  else context.fill();
}

/** The colours as numbers: the browser computes them, whatever colour space they are written in. */
function readInks(colours: Colours): Stamps["inks"] {
  const context = openScratch(1, 1);
  const read = (state: ShardState): Ink => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colours[state];
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: alpha / 255 };
  };
  return Object.fromEntries(SHARD_STATES.map((state) => [state, read(state)])) as Stamps["inks"];
}

function openScratch(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser draws no canvas.");
  return context;
}

/** Paints the whole school at this moment into `image`, and that into the canvas of the same size. */
export function paintSwim(context: CanvasRenderingContext2D, image: ImageData, look: { swim: Swim; stamps: Stamps; nowMs: number }): void {
  const { swim, stamps, nowMs } = look;
  const { inks, dpr } = stamps;
  image.data.fill(0);
  for (let at = 0; at < swim.marks.length; at++) {
    const { x, y, state, was, blend } = swim.bodyAt(at, nowMs);
    const [ink, shape] = [inks[state], SHAPE_OF[state]];
    if (blend === 1) stamp(image, stamps, { x: x * dpr, y: y * dpr, shape, ink });
    else if (shape === SHAPE_OF[was]) stamp(image, stamps, { x: x * dpr, y: y * dpr, shape, ink: mix(inks[was], ink, blend) });
    else {
      stamp(image, stamps, { x: x * dpr, y: y * dpr, shape: SHAPE_OF[was], ink: { ...inks[was], a: inks[was].a * (1 - blend) } });
      stamp(image, stamps, { x: x * dpr, y: y * dpr, shape, ink: { ...ink, a: ink.a * blend } });
    }
  }
  context.putImageData(image, 0, 0);
}

/** The colour on the way from one to another, weighted by how much there is of each. */
function mix(from: Ink, to: Ink, part: number): Ink {
  const a = from.a + (to.a - from.a) * part;
  const weight = a === 0 ? 0 : (to.a * part) / a;
  return { r: from.r + (to.r - from.r) * weight, g: from.g + (to.g - from.g) * weight, b: from.b + (to.b - from.b) * weight, a };
}

/** Puts one body over what is there (Porter and Duff's "over", with straight alpha as ImageData has it). */
function stamp({ data, width, height }: ImageData, { masks, side }: Stamps, body: { x: number; y: number; shape: number; ink: Ink }): void {
  const { r, g, b, a } = body.ink;
  const left = Math.round((body.x - side / 2) * PHASES);
  const top = Math.round((body.y - side / 2) * PHASES);
  const [firstX, firstY] = [Math.floor(left / PHASES), Math.floor(top / PHASES)];
  const mask = masks[body.shape * PHASES * PHASES + (top - firstY * PHASES) * PHASES + left - firstX * PHASES];
  if (!mask) return;
  const { across, down, cover } = mask;
  for (let i = 0; i < cover.length; i++) {
    const x = firstX + (across[i] as number);
    const y = firstY + (down[i] as number);
    if (x < 0 || x >= width || y < 0 || y >= height) continue;
    const to = (y * width + x) * 4;
    const alpha = (cover[i] as number) * a;
    const held = data[to + 3] as number;
    if (held === 0) {
      data[to] = r;
      data[to + 1] = g;
      data[to + 2] = b;
      data[to + 3] = alpha * 255;
      continue;
    }
    const under = (held / 255) * (1 - alpha);
    const whole = alpha + under;
    data[to] = (r * alpha + (data[to] as number) * under) / whole;
    data[to + 1] = (g * alpha + (data[to + 1] as number) * under) / whole;
    data[to + 2] = (b * alpha + (data[to + 2] as number) * under) / whole;
    data[to + 3] = whole * 255;
  }
}

/** Draws a ring around the mark that is looked at. */
export function paintRing(context: CanvasRenderingContext2D, ring: { x: number; y: number; colour: string; cellHeight: number; dpr: number }): void {
  const { x, y, dpr } = ring;
  context.beginPath();
  context.arc(x * dpr, y * dpr, Math.max(5, ring.cellHeight * 0.85) * dpr, 0, 2 * Math.PI);
  context.strokeStyle = ring.colour;
  context.lineWidth = 1.5 * dpr;
  context.stroke();
}
