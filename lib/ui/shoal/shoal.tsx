"use client";

import { type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { countStates, type ShardMap, type ShardState, type StateCounts } from "#lib/domain/job/shard-map.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { listMarks, type Mark, STATES_AHEAD, sayMap, sayMark } from "./marks.ts";
import { ShoalView, type Swatches } from "./shoal-view.ts";
import { Swatch } from "./swatch.tsx";

const HEIGHT = "h-36 sm:h-44";
/** States that every job goes through; the others have a place in the legend once a shard is in them. */
const USUAL: readonly ShardState[] = ["accepted", "reported", "granted", "waiting"];
/** A job as a school: every mark is a shard (or several alike), its colour its state. It moves only when a shard does; the same stands in words beside it. */
export function Shoal({ map, onPick }: { map: ShardMap; onPick?: ((no: number) => void) | undefined }) {
  const words = useWords();
  const marks = useMemo(() => listMarks(map), [map]);
  const counts = useMemo(() => countStates(map.runs), [map]);
  const figure = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const view = useShoalView({ figure, canvas }, marks, pointed);
  const pointAt = ({ nativeEvent }: PointerEvent): void => setPointed(view?.findMark(nativeEvent.offsetX, nativeEvent.offsetY) ?? null);
  const mark = pointed === null ? undefined : marks[pointed];
  const pick = (at: number | null | undefined): void => {
    const picked = typeof at === "number" ? marks[at] : undefined;
    if (picked) onPick?.(picked.fromNo);
  };

  return (
    <figure ref={figure} className="mt-4">
      <div className="relative rounded-control has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2">
        <MarkSlider marks={marks} pointed={pointed} onPoint={setPointed} onPick={pick} />
        <canvas
          ref={canvas}
          role="img"
          aria-label={sayMap(map, words)}
          className={`block w-full text-ink ${HEIGHT}`}
          onPointerMove={pointAt}
          onPointerDown={pointAt}
          onPointerLeave={() => setPointed(null)}
          onClick={({ nativeEvent }) => pick(view?.findMark(nativeEvent.offsetX, nativeEvent.offsetY))}
        />
      </div>
      <figcaption className="mt-2 space-y-2 text-quiet text-xs">
        <p aria-hidden className="min-h-4">
          {mark ? <span className="text-ink">{sayMark(mark, words)}</span> : words.text.jobs.shoal.hint}
        </p>
        <Legend counts={counts} />
      </figcaption>
      <CountsTable counts={counts} />
    </figure>
  );
}

/** Holds the picture's place while its shards are read, so that nothing jumps when they are there. */
export function ShoalPlace() {
  const text = useWords().text.jobs.shoal;
  return (
    <div className="mt-4" role="status">
      <div className={HEIGHT} />
      <p className="mt-2 min-h-4 text-quiet text-xs">{text.loading}</p>
      <div className="mt-2 h-4" />
    </div>
  );
}

type Refs = { figure: RefObject<HTMLElement | null>; canvas: RefObject<HTMLCanvasElement | null> };

/** The view that paints the canvas, once it is there; it follows the marks and the mark that is looked at. */
function useShoalView({ figure, canvas }: Refs, marks: readonly Mark[], pointed: number | null): ShoalView | null {
  const [view, setView] = useState<ShoalView | null>(null);
  useEffect(() => {
    if (!figure.current || !canvas.current) return;
    const swatches = [...figure.current.querySelectorAll("[data-state]")].map((element) => [element.getAttribute("data-state"), element]);
    const made = new ShoalView(canvas.current, Object.fromEntries(swatches) as Swatches);
    setView(made);
    return () => made[Symbol.dispose]();
  }, [figure, canvas]);
  useEffect(() => view?.show(marks), [view, marks]);
  useEffect(() => view?.point(pointed), [view, pointed]);
  return view;
}

type SliderProps = { marks: readonly Mark[]; pointed: number | null; onPoint: (at: number | null) => void; onPick: (at: number) => void };

/** Goes from mark to mark by keyboard; it is seen by the ring around the mark. */
function MarkSlider({ marks, pointed, onPoint, onPick }: SliderProps) {
  const words = useWords();
  const at = Math.min(pointed ?? 0, marks.length - 1);
  const mark = marks[at];
  return (
    <input
      type="range"
      className="sr-only"
      aria-label={words.text.jobs.shoal.look}
      aria-valuetext={mark ? sayMark(mark, words) : ""}
      min={0}
      max={Math.max(0, marks.length - 1)}
      value={at}
      onChange={(event) => onPoint(event.target.valueAsNumber)}
      onFocus={() => onPoint(at)}
      onBlur={() => onPoint(null)}
      onKeyDown={({ key }) => {
        if (key === "Enter") onPick(at);
      }}
    />
  );
}

/** What the colours mean. Its swatches are there for every state, seen or not: the canvas takes its colours from them. */
function Legend({ counts }: { counts: StateCounts }) {
  const {
    text: {
      jobs: { shoal: text },
    },
    format,
  } = useWords();
  return (
    <ul aria-hidden className="flex flex-wrap gap-x-4 gap-y-1">
      {STATES_AHEAD.map((state) => (
        <li key={state} hidden={!USUAL.includes(state) && counts[state] === 0} className="flex items-center gap-1.5 [[hidden]]:hidden">
          <Swatch state={state} />
          {text.states[state].label}
          <span className="text-ink">{format.number(counts[state])}</span>
        </li>
      ))}
    </ul>
  );
}

function CountsTable({ counts }: { counts: StateCounts }) {
  const {
    text: {
      jobs: { shoal: text },
    },
    format,
  } = useWords();
  return (
    // A table ignores the width of one pixel and would make a phone's page scroll sideways; a box around it does not.
    <div className="sr-only">
      <table>
        <caption>{text.table}</caption>
        <thead>
          <tr>
            <th scope="col">{text.state}</th>
            <th scope="col">{text.shardsHead}</th>
          </tr>
        </thead>
        <tbody>
          {STATES_AHEAD.map((state) => (
            <tr key={state}>
              <th scope="row">{text.states[state].label}</th>
              <td>{format.number(counts[state])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
