import type { ShardState } from "#lib/domain/job/shard-map.ts";

const COLOURS: Record<ShardState, string> = {
  waiting: "text-edge/45",
  granted: "text-accent",
  reported: "text-accent",
  provisional: "text-good/60",
  accepted: "text-good",
  failed: "text-bad",
  wrong: "text-warn",
  revoked: "text-warn",
};

/** The sign of a state in a legend. The canvas takes its colours from these, so that a token is written once. */
export function Swatch({ state }: { state: ShardState }) {
  const paint = state === "granted" || state === "revoked" ? { fill: "none", stroke: "currentColor", strokeWidth: 1.5 } : { fill: "currentColor" };
  return (
    <svg aria-hidden data-state={state} viewBox="-8 -8 16 16" className={`size-4 shrink-0 ${COLOURS[state]}`}>
      <path d="M-7 0C-3-5 3-5 7 0 3 5-3 5-7 0z" transform={state === "failed" ? "rotate(90)" : undefined} {...paint} />
    </svg>
  );
}
