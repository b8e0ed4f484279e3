import { SHARD_STATES, type ShardState } from "#lib/domain/job/shard-map.ts";
import { ShoalView, type Swatches } from "./shoal-view.ts";

/** What a test can see of a school on a page: how many frames were painted, and the pixels. */
export interface ShoalProbe {
  show(states: readonly ShardState[]): void;
  point(at: number | null): void;
  frames(): number;
  picture(): string;
  dispose(): void;
}

declare global {
  /** Puts a school of 600 by 150 pixels on the page. */
  var openShoal: () => ShoalProbe;
}

globalThis.openShoal = () => {
  document.documentElement.style.colorScheme = "light dark";
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "display:block;width:600px;height:150px";
  const swatches = Object.fromEntries(SHARD_STATES.map((state) => [state, document.createElement("i")])) as Swatches & Record<ShardState, HTMLElement>;
  document.body.append(canvas, ...Object.values(swatches));
  const paint = (state: ShardState, colour: string): void => {
    swatches[state].style.color = colour;
  };
  for (const state of SHARD_STATES) paint(state, "light-dark(oklch(0.43 0.09 162), oklch(0.8 0.11 165))");
  paint("waiting", "#0008");
  let frames = 0;
  const original = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function count(this: CanvasRenderingContext2D, ...args: unknown[]) {
    frames++;
    return Reflect.apply(original, this, args);
  };
  const view = new ShoalView(canvas, swatches);
  return {
    show: (states) => view.show(states.map((state, no) => ({ state, fromNo: no, toNo: no + 1, ...(state === "granted" ? { device: "dev_a" } : {}) }))),
    point: (at) => view.point(at),
    frames: () => frames,
    picture: () => canvas.toDataURL(),
    dispose: () => view[Symbol.dispose](),
  };
};
