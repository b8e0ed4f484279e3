"use client";

import { SHARD_STATES, type ShardMap } from "#lib/domain/job/shard-map.ts";
import { BarChart } from "#lib/ui/charts/bar-chart.tsx";
import { Shoal, ShoalPlace } from "#lib/ui/shoal/shoal.tsx";
import { Swatch } from "#lib/ui/shoal/swatch.tsx";
import { VirtualTable } from "#lib/ui/virtual/virtual-table.tsx";
import { WindowList } from "#lib/ui/virtual/window-list.tsx";
import { Shown } from "./shown.tsx";

const MINUTE_MS = 60_000;
const SHARDS = 100_000;
const ITEMS = Array.from({ length: 5 }, (_, i) => `Job ${i + 1}`);
const HOUR = Array.from({ length: 60 }, (_, i) => ({ fromMs: i * MINUTE_MS, toMs: (i + 1) * MINUTE_MS, value: i >= 20 && i < 25 ? null : 900 + (i % 7) * 40 }));
const WAITING: ShardMap = { shardCount: 40, shardsPerMark: 1, version: "", runs: [{ state: "waiting", fromNo: 0, toNo: 40 }] };
/** Ten shards in each state. */
const MIXED: ShardMap = {
  shardCount: SHARD_STATES.length * 10,
  shardsPerMark: 1,
  version: "",
  runs: SHARD_STATES.map((state, i) => ({ state, fromNo: i * 10, toNo: (i + 1) * 10, ...(state === "granted" ? { device: "dev_1" as const } : {}) })),
};
const write = (value: number) => String(Math.round(value));

/** Charts, schools and lists of any length. */
export function LivingStates() {
  return (
    <>
      <Shown name="BarChart">
        <div className="w-full">
          <BarChart spans={HOUR} lengthMs={60 * MINUTE_MS} summary={"An hour with a gap"} formatValue={write} formatTime={write} />
        </div>
        <div className="w-full">
          <BarChart spans={HOUR.slice(0, 1)} lengthMs={60 * MINUTE_MS} summary={"One minute"} formatValue={write} formatTime={write} />
        </div>
      </Shown>
      <Shown name="Swatch">
        {SHARD_STATES.map((state) => (
          <span key={state} className="flex items-center gap-2 text-sm">
            <Swatch state={state} /> {state}
          </span>
        ))}
      </Shown>
      <Shown name="Shoal, ShoalPlace">
        <div className="w-full">
          <Shoal map={WAITING} />
          <Shoal map={MIXED} />
          <ShoalPlace />
        </div>
      </Shown>
      <Shown name="VirtualTable">
        <div className="w-full">
          <VirtualTable
            caption={"Many shards"}
            columns={["Shard", "Output"]}
            rowCount={SHARDS}
            renderRows={({ first, last }) =>
              Array.from({ length: last - first + 1 }, (_, i) => ({
                key: first + i,
                cells: (
                  <>
                    <td>{first + i}</td>
                    <td>2.1 KiB</td>
                  </>
                ),
              }))
            }
          />
        </div>
      </Shown>
      <Shown name="WindowList (it scrolls with the page, so these are few)">
        <WindowList items={ITEMS} rowHeightPx={32} keyOf={(item) => item} renderItem={(item) => <p className="h-8 text-sm">{item}</p>} className="w-full" />
      </Shown>
    </>
  );
}
