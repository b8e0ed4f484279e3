import { layOutBars, type Span } from "./bar-layout.ts";

type BarChartProps = {
  spans: readonly Span[];
  /** How much time it shows, to the end of the last span. */
  lengthMs: number;
  /** What it shows, for those who do not see it. */
  summary: string;
  formatValue: (value: number) => string;
  formatTime: (atMs: number) => string;
};

const WIDTH = 1000;
const HEIGHT = 240;
const FLOOR = 3;

/** Values over time as bars. Time of which nothing is known has neither bar nor floor. Drawn with SVG attributes, so that it needs no inline style. */
export function BarChart({ spans, lengthMs, summary, formatValue, formatTime }: BarChartProps) {
  const { bars, top } = layOutBars(spans, lengthMs);
  const endMs = spans.at(-1)?.toMs ?? 0;
  return (
    <figure>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-quiet text-xs">
        <div aria-hidden className="flex flex-col justify-between text-right">
          <span>{formatValue(top)}</span>
          <span>0</span>
        </div>
        <svg role="img" aria-label={summary} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-48 w-full sm:h-56">
          {[0, 0.5].map((y) => (
            <line key={y} x1="0" x2={WIDTH} y1={y * HEIGHT} y2={y * HEIGHT} className="stroke-line" vectorEffect="non-scaling-stroke" />
          ))}
          {bars.map((bar) => (
            <g key={bar.x}>
              <rect x={bar.x * WIDTH} width={bar.width * WIDTH} y={HEIGHT - FLOOR} height={FLOOR} className="fill-edge" />
              <rect x={bar.x * WIDTH} width={bar.width * WIDTH} y={bar.y * HEIGHT} height={bar.height * HEIGHT} className="fill-accent" />
            </g>
          ))}
        </svg>
        <div aria-hidden className="col-start-2 mt-1 flex justify-between gap-2">
          <span>{formatTime(endMs - lengthMs)}</span>
          <span className="text-right">{formatTime(endMs)}</span>
        </div>
      </div>
    </figure>
  );
}
