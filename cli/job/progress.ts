import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { Terminal } from "../terminal.ts";

const BAR_CHARS = 24;

/** How far a job is, whether an instance computes it or this machine. */
export type Pace = {
  name: string;
  state: JobView["state"];
  /** Why it ended before its time, or waits for funds and what helps. */
  reason: string | null;
  accepted: number;
  failed: number;
  total: number;
  shardsPerSecond: number;
  secondsLeft: number | null;
  /** Who computes: "2 devices", "4 cores". */
  by: string;
  /** Where a reducer of the owner's is at work when all is computed. */
  reducing?: JobView["reduction"];
};

export function paceOf(view: JobView): Pace {
  const { name, state, reason, acceptedCount, failedCount, shardCount, progress, reduction } = view;
  const { shardsPerSecond, secondsLeft, devices } = progress;
  return {
    ...{ name, state, shardsPerSecond, secondsLeft, total: shardCount, accepted: acceptedCount, failed: failedCount },
    reason: state === "needs_funds" ? adviseOnFunds(view) : (reason?.message ?? null),
    reducing: reduction,
    by: `${devices} ${devices === 1 ? "device" : "devices"}`,
  };
}

function adviseOnFunds({ id, money, price, role }: JobView): string {
  const reserved = `What is reserved, ${money.reservedMicro} µ${price.asset}, does not cover another shard, so the job waits.`;
  if (role !== "owner") return `${reserved} Its owner can reserve more.`;
  return `${reserved} Reserve more with “shoal budget ${id} --total AMOUNT”, or end it with “shoal cancel ${id}”: what is left comes back.`;
}

/** One line on how far a job is, with its rate and the time left where they are known. */
export function progressLine(pace: Pace): string {
  const done = pace.accepted + pace.failed;
  const parts = [`${pace.name}: ${done} of ${pace.total} shards (${Math.floor((100 * done) / Math.max(1, pace.total))} %)`];
  if (pace.failed > 0) parts.push(`${pace.failed} failed`);
  return [...parts, ...describeState(pace), ...describeReduction(pace)].join(" · ");
}

/** The same behind a bar. */
function progressBar(pace: Pace): string {
  const filled = Math.round((BAR_CHARS * (pace.accepted + pace.failed)) / Math.max(1, pace.total));
  return `${"█".repeat(filled)}${"░".repeat(BAR_CHARS - filled)} ${progressLine(pace)}`;
}

/** Shows progress to whoever watches: drawn over itself in a terminal, a line at each change elsewhere, JSON lines for programs. What helps a job that waits for funds is said once. */
export function createProgressView(terminal: Terminal, { isJson = false }: { isJson?: boolean } = {}): { show(pace: Pace): void; end(): void } {
  let told = "";
  let advice = "";
  return {
    show(pace) {
      const line = isJson ? JSON.stringify(pace) : progressLine(pace);
      if (line === told) return;
      told = line;
      if (!isJson && pace.state === "needs_funds" && pace.reason !== null && pace.reason !== advice) {
        advice = pace.reason;
        if (terminal.isInteractive) terminal.draw("");
        terminal.tell(advice);
      }
      if (isJson || !terminal.isInteractive) terminal.tell(line);
      else terminal.draw(progressBar(pace));
    },
    end() {
      if (!isJson && terminal.isInteractive && told !== "") terminal.tell("");
    },
  };
}

function describeState({ state, reason, shardsPerSecond, secondsLeft, by }: Pace): string[] {
  if (state === "final") return ["done"];
  if (state === "computed") return ["computed, checks go on"];
  if (state === "failed" || state === "cancelled") return [reason ? `${state}: ${reason}` : state];
  const parts = state === "running" ? [] : [state === "paused" ? "paused" : "needs funds"];
  parts.push(`${shardsPerSecond.toFixed(shardsPerSecond < 10 ? 1 : 0)} shards/s`);
  if (secondsLeft !== null) parts.push(`${describeSeconds(secondsLeft)} left`);
  return [...parts, by];
}

function describeReduction({ reducing, total }: Pace): string[] {
  if (!reducing || reducing.state === "done") return [];
  if (reducing.state === "failed") return ["its reducer failed"];
  const so = `reduced ${reducing.shards} of ${total}`;
  return [reducing.state === "waits" ? `${so}, waits for a trusted device` : so];
}

/** A time left in one unit: "45 s", "12 min", "1.5 h". */
export function describeSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
