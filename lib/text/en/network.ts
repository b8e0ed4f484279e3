import type { JobWait } from "#lib/domain/network/decide-wait.ts";
import type { HistoryRange } from "#lib/protocol/network/network.ts";

const ranges: Record<HistoryRange, string> = { hour: "Hour", day: "Day", week: "Week" };
const rangeSummaries: Record<HistoryRange, string> = { hour: "the last hour", day: "the last day", week: "the last week" };

/** Why a job that runs is not being computed, as its owner and volunteers are told. */
const waits: Record<JobWait, string> = {
  no_device: "Waits for a device.",
  second_device: "What is left waits for a check by somebody else's device.",
  all_granted: "Everything left is with devices already.",
};

export const network = {
  title: "Network",
  lead: "What this instance does now and has done, counted from its own records. What is not known is left open.",
  loading: "Loading the figures",
  empty: "Nothing has run here yet",
  emptyText: "As soon as a job runs and somebody lends a tab, you see it here.",
  unknown: "not known",
  figures: {
    label: "Figures",
    computing: "Devices computing",
    computingHint: "They hold shards at the moment.",
    seen: "Devices seen",
    seenHint: "Connected in the last ten minutes. Some may have left.",
    rate: "Shards a minute",
    rateHint: "Verified between the last two counts.",
    lastHour: "Verified in the last hour",
    lastHourHint: "Counted once a minute.",
    total: "Verified so far",
    totalHint: "Shards with an accepted result, since the beginning.",
    redundancy: "Runs per shard",
    redundancyHint: "How often a shard was computed, on average.",
    disagreed: "Runs that disagreed",
    disagreedHint: "They were not used and not paid.",
    energy: "Energy, estimated",
    energyHint: "Of all devices together, in the last day. See below how.",
    energyRange: "{from} to {to} kWh",
    energyHow:
      "The energy is an estimate: {hours} core-hours since {since}, at {from} to {to} watts a core. Every core that a computing device lends is taken as busy. The watts are the rated power of a processor divided by its cores, from a laptop's to a desktop's. Memory, screen and power supply come on top.",
    countedAt: "Last counted",
    notCounted: "Nothing has been counted in the last three minutes, so there are no figures about verified shards.",
  },
  jobs: {
    title: "Running jobs",
    none: "No job is running.",
    progress: "{done, number} of {all, number} shards",
    progressLabel: "Shards of {name} with a verdict",
    failedToo: ", {failed, number} failed",
    devices: { one: "device computing", other: "devices computing" },
    owner: "for {owner}",
    more: "And {more, number} more.",
  },
  waits,
  chart: {
    title: "Verified shards a minute",
    range: "Time shown",
    ranges,
    loading: "Loading the chart",
    empty: "Nothing has been counted in this time yet.",
    summary: "Verified shards a minute over {range}: at most {most}, at the end {last}.",
    gaps: "Gaps are times in which nobody counted.",
    table: "Show as a table",
    from: "From",
    to: "To",
    rate: "Shards a minute",
    devices: "Devices computing",
    download: "Download CSV",
  },
  rangeSummaries,
} as const;
