export type Span = { fromMs: number; toMs: number; value: number | null };
/** A bar in a box of 1 × 1 whose origin is at the top left, or a stretch of the floor where the value is zero. */
export type Bar = { x: number; width: number; y: number; height: number };
export type BarLayout = { bars: Bar[]; top: number };

/** Bars narrower than this share of their span keep a gap between them. */
const FILL = 0.86;

/**
 * Where the bars stand in the `lengthMs` before the end of the last: over the time they speak about, so that unknown time stays empty, and as high as
 * their value beside a round number at the top.
 */
export function layOutBars(spans: readonly Span[], lengthMs: number): BarLayout {
  const startMs = (spans.at(-1)?.toMs ?? 0) - lengthMs;
  const top = roundUp(Math.max(0, ...spans.map((span) => span.value ?? 0)));
  const bars = spans.flatMap(({ fromMs, toMs, value }) => {
    if (value === null) return [];
    const width = (toMs - fromMs) / lengthMs;
    const height = value / top;
    return [{ x: (fromMs - startMs) / lengthMs + (width * (1 - FILL)) / 2, width: width * FILL, y: 1 - height, height }];
  });
  return { bars, top };
}

/** The next number of the form 1, 2 or 5 times a power of ten; 1 for nothing at all. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}
