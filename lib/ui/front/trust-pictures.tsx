import type { ReactNode } from "react";

/** The body of a mark in the shoal, and of Shoal's own mark, around a point. */
function Body({ x, y, size = 7, className = "fill-accent" }: { x: number; y: number; size?: number; className?: string }) {
  return (
    <path
      d={`M-${size} 0C-${size / 2}-${size * 0.7} ${size / 2}-${size * 0.7} ${size} 0 ${size / 2} ${size * 0.7}-${size / 2} ${size * 0.7}-${size} 0z`}
      transform={`translate(${x} ${y})`}
      className={className}
    />
  );
}

function Picture({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 160 88"
      aria-hidden="true"
      preserveAspectRatio="xMinYMid"
      className="h-24 w-full"
      fill="none"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

const ROWS = [20, 36, 52, 68] as const;

/** An input becomes numbered shards. */
function CutPicture() {
  return (
    <Picture>
      <rect x="8" y="10" width="44" height="68" rx="5" className="stroke-edge" />
      {ROWS.map((y) => (
        <path key={y} d={`M16 ${y}h28`} className="stroke-edge" />
      ))}
      {ROWS.map((y, i) => (
        <g key={y}>
          <path d={`M58 ${y}h24`} className="stroke-line" strokeDasharray="2 4" />
          <Body x={100 + (i % 2) * 14} y={y} />
        </g>
      ))}
    </Picture>
  );
}

/** One shard runs on two devices that do not know each other. */
function RunPicture() {
  return (
    <Picture>
      <Body x={22} y={44} size={9} />
      <path d="M36 40C52 30 58 24 74 24M36 48C52 58 58 64 74 64" className="stroke-edge" />
      {[24, 64].map((y) => (
        <g key={y}>
          <rect x="80" y={y - 17} width="56" height="32" rx="4" className="fill-accent-soft stroke-accent" />
          <path d={`M80 ${y - 9}h56`} className="stroke-accent" />
          <Body x={108} y={y + 3} size={8} />
        </g>
      ))}
    </Picture>
  );
}

/** Outputs are compared: two that are equal decide, one that differs does not count. */
function ComparePicture() {
  const digests = [
    { y: 20, cells: "fill-good", id: "first" },
    { y: 44, cells: "fill-good", id: "second" },
    { y: 68, cells: "fill-warn", id: "other" },
  ];
  return (
    <Picture>
      {digests.map(({ y, cells, id }) => (
        <g key={id} className={cells}>
          {[0, 1, 2, 3, 4, 5].map((i) => (
            <rect
              key={i}
              x={12 + i * 13}
              y={y - (cells === "fill-good" || i % 2 === 0 ? 6 : 3)}
              width="9"
              height={cells === "fill-good" || i % 2 === 0 ? 12 : 6}
              rx="2"
            />
          ))}
        </g>
      ))}
      <path d="M98 20c14 0 14 12 22 12s-8 12-22 12" className="stroke-good" />
      <path d="M128 32l5 5 10-11" className="stroke-good" strokeWidth="2.5" />
      <path d="M126 62l10 12M136 62l-10 12" className="stroke-warn" strokeWidth="2" />
    </Picture>
  );
}

/** Devices that agreed are paid from the owner's budget; outputs become one file. */
function PayPicture() {
  return (
    <Picture>
      {[22, 44, 66].map((y) => (
        <Body key={y} x={18} y={y} className="fill-good" />
      ))}
      <path d="M34 22C50 22 50 40 64 43M34 44h30M34 66C50 66 50 48 64 45" className="stroke-edge" />
      <path d="M72 16h26l10 10v46H72z" className="fill-good-soft stroke-good" />
      <path d="M98 16v10h10M80 38h20M80 48h20M80 58h14" className="stroke-good" />
      {[30, 46, 62].map((y) => (
        <ellipse key={y} cx="134" cy={y} rx="14" ry="6" className="fill-surface stroke-accent" />
      ))}
      <path d="M120 30v32M148 30v32" className="stroke-accent" />
    </Picture>
  );
}

/** How trust and payment come about, one picture for each step of the text. */
export const PICTURES = [CutPicture, RunPicture, ComparePicture, PayPicture] as const;
