import { SHARD_STATES, type ShardState } from "#lib/domain/job/shard-map.ts";
import { subscribeTheme } from "../theme/theme.ts";
import type { Mark } from "./marks.ts";
import { type Colours, makeStamps, paintRing, paintSwim, type Stamps } from "./paint-swim.ts";
import { Swim } from "./swim.ts";

/** Elements whose `color` is the one of a state; that of the canvas itself rings the mark looked at. */
export type Swatches = Record<ShardState, Element>;

/**
 * Keeps a canvas showing a school. A frame is painted when something changed and not otherwise: new states, the box, the theme, the mark looked at.
 * Nothing is painted while the page is hidden, and nothing swims for somebody who wants less motion.
 */
export class ShoalView {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #swatches: Swatches;
  readonly #swim = new Swim();
  readonly #stops: (() => void)[] = [];
  readonly #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #stamps: Stamps | null = null;
  #image: ImageData | null = null;
  #pointed: number | null = null;
  #frame: number | null = null;

  constructor(canvas: HTMLCanvasElement, swatches: Swatches) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#swatches = swatches;
    const observer = new ResizeObserver(() => this.#fit());
    observer.observe(canvas);
    this.#stops.push(() => observer.disconnect(), subscribeTheme(this.#repaint), listen(matchMedia("(prefers-color-scheme: dark)"), "change", this.#repaint));
    this.#stops.push(listen(document, "visibilitychange", this.#wakeOrRest), listen(this.#reduced, "change", this.#repaint));
    // Zooming and another screen change how fine the canvas has to be.
    this.#stops.push(listen(window, "resize", this.#request));
    this.#fit();
  }

  /** Takes over new states of the marks. */
  show(marks: readonly Mark[]): void {
    const isStill = this.#reduced.matches || document.hidden;
    this.#swim.show(marks, isStill ? null : performance.now());
    // Another number of marks has cells of another size.
    if (this.#stamps?.cellHeight !== this.#swim.school.cellHeight) this.#stamps = null;
    this.#request();
  }

  /** Rings a mark, or none. */
  point(at: number | null): void {
    if (at === this.#pointed) return;
    this.#pointed = at;
    this.#request();
  }

  /** The mark at a point of the canvas in CSS pixels, or null. */
  findMark(x: number, y: number): number | null {
    return this.#swim.findMark(x, y);
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
    this.#cancel();
  }

  readonly #repaint = (): void => {
    this.#stamps = null;
    if (this.#reduced.matches) this.#swim.settle();
    this.#request();
  };

  readonly #wakeOrRest = (): void => {
    if (document.hidden) {
      this.#cancel();
      this.#swim.settle();
    } else this.#request();
  };

  #fit(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#swim.resize(clientWidth, clientHeight);
    this.#repaint();
  }

  readonly #request = (): void => {
    if (this.#frame !== null || document.hidden) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      this.#paint(performance.now());
    });
  };

  #cancel(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  #paint(nowMs: number): void {
    const canvas = this.#canvas;
    if (!this.#context || canvas.clientWidth === 0 || canvas.clientHeight === 0) return;
    const dpr = devicePixelRatio;
    const [width, height] = [Math.round(canvas.clientWidth * dpr), Math.round(canvas.clientHeight * dpr)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    if (this.#image?.width !== width || this.#image.height !== height) this.#image = new ImageData(width, height);
    if (this.#stamps?.dpr !== dpr) this.#stamps = null;
    this.#stamps ??= this.#makeStamps(dpr);
    paintSwim(this.#context, this.#image, { swim: this.#swim, stamps: this.#stamps, nowMs });
    if (this.#pointed !== null && this.#pointed < this.#swim.marks.length) {
      const { x, y } = this.#swim.bodyAt(this.#pointed, nowMs);
      paintRing(this.#context, { x, y, colour: getComputedStyle(canvas).color, cellHeight: this.#stamps.cellHeight, dpr });
    }
    if (this.#swim.isMoving(nowMs)) this.#request();
  }

  /** Colours are read when they are needed: the theme decides what a token is. */
  #makeStamps(dpr: number): Stamps {
    const colours = Object.fromEntries(SHARD_STATES.map((state) => [state, getComputedStyle(this.#swatches[state]).color])) as Colours;
    return makeStamps(colours, this.#swim.school.cellHeight, dpr);
  }
}

function listen(target: EventTarget, type: string, onEvent: () => void): () => void {
  target.addEventListener(type, onEvent);
  return () => target.removeEventListener(type, onEvent);
}
