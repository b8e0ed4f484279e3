import type { InstanceStatus, PartState, StatusPart } from "#lib/domain/operations/decide-status.ts";
import type { IncidentKind } from "#lib/domain/operations/incident.ts";

const statuses: Record<InstanceStatus, { label: string; meaning: string }> = {
  up: { label: "Everything works", meaning: "Jobs are computed, checked and paid." },
  degraded: { label: "Works, with trouble", meaning: "Part of it is late or in trouble, as you can read below. What is late is made up for; nothing is lost." },
  down: { label: "Does not work", meaning: "Tabs keep what they have computed and send it when the instance works again." },
  stopped: { label: "Stopped by its operators", meaning: "Nothing is given out to compute until they go on. Jobs, money and results stay as they are." },
};

const parts: Record<StatusPart, { name: string; meaning: string }> = {
  database: { name: "Database", meaning: "Keeps jobs, results and the books." },
  background: { name: "Background work", meaning: "Decides about results that wait, and tidies up." },
  chain: { name: "Chain", meaning: "Deposits and claims are seen." },
  payouts: { name: "Payouts", meaning: "Earnings are put on the chain." },
};

const partStates: Record<PartState, string> = { ok: "works", late: "late", failed: "fails", absent: "not on this instance" };

/** What an incident is, as those read it who use the instance. */
const kinds: Record<IncidentKind, string> = { notice: "Good to know", degraded: "Works worse", down: "Does not work" };

export const status = {
  title: "Status",
  lead: "Whether this instance works, as it says itself. It is asked again every ten seconds.",
  loading: "Asking the instance",
  silent: "No answer",
  silentMeaning: "This page could not ask the instance. If your connection works, the instance does not. Tabs keep what they have computed and send it later.",
  statuses,
  checked: "Checked",
  stopped: "Stopped",
  partsTitle: "Parts",
  parts,
  partStates,
  lastWell: "worked",
  incidents: {
    title: "Told by the operators",
    none: "Nothing in the last two weeks.",
    kinds,
    ongoing: "goes on",
    began: "Began",
    ended: "ended",
  },
  figures: {
    title: "Figures",
    computing: "Devices computing",
    lastHour: "Shards verified in the last hour",
    total: "Shards verified so far",
    unknown: "not known",
    more: "All figures of the network",
  },
} as const;
