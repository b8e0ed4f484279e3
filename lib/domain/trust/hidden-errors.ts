import type { AssuranceRules } from "./assurance.ts";

/** A wrong result of a device that was found out, among results still on hold. `isLater`: given when an earlier one had been found already. */
export type WrongResult = { stratum: number; rate: number; isInWindow: boolean; isLater: boolean };

/** Everything a device that was found out got wrong, learnt by verifying all it had on hold. */
export type Detection = readonly WrongResult[];

/** One stratum of a closing window: how many results it holds, and at which rate all of them have been checked by now (0: each at its own). */
export type ClosingStratum = { results: number; sweptRate: number };

/** Above this a sweep costs nearly as much as checking every result, so it does. */
const SWEEP_ALL_ABOVE = 0.6;

/**
 * How many wrong results are still hidden, by stratum: each found-out device with k wrong results stands for q ÷ (1 − q) like it that were not found, where
 * q = ∏ (1 − cᵢ) is the chance that none of its wrong results was drawn.
 *
 * Source: D. G. Horvitz, D. J. Thompson, "A generalization of sampling without replacement from a finite universe", JASA 47 (1952). Unbiased whatever the
 * devices' strategy, as long as they cannot know the lots. Many errors by one device weigh little, lonely ones much.
 */
export function estimateHidden(detections: Iterable<Detection>, strata: readonly ClosingStratum[]): number[] {
  const hidden = new Array<number>(strata.length).fill(0);
  for (const detection of detections) {
    let missed = 1;
    for (const wrong of detection) missed *= 1 - Math.max(wrong.rate, strata[wrong.stratum]?.sweptRate ?? 0);
    if (missed >= 1) continue;
    const twins = missed / (1 - missed);
    for (const { stratum, isInWindow } of detection) if (isInWindow) hidden[stratum] = (hidden[stratum] ?? 0) + twins;
  }
  return hidden;
}

/**
 * The same by what devices did without knowing that they were found out: errors before and after are those of two devices, and results that are all checked say nothing. Unbiased
 * also where a device lies on once it is found out so as to look broken, but it sees a broken one as if it had stopped there, and so rises and falls much more.
 */
export function estimateUnaware(detections: Iterable<Detection>, strata: readonly ClosingStratum[]): number[] {
  return estimateHidden(unaware(detections), strata);
}

function* unaware(detections: Iterable<Detection>): Generator<Detection> {
  for (const detection of detections) yield* Map.groupBy(detection.filter(drawnByLot), ({ isLater }) => isLater).values();
}

const drawnByLot = ({ rate }: WrongResult): boolean => rate < 1;

/** An estimate this many times what a class tolerates is an alarm. A broken device makes many errors and weighs little; a lonely error of an old one does not. */
const ALARM = 3;

/** Whether the estimate before any sweep says that somebody attacks. */
export function isAlarming(initial: readonly number[], strata: readonly ClosingStratum[], rules: AssuranceRules): boolean {
  return sum(initial) > ALARM * rules.hiddenShareMax * strata.reduce((count, stratum) => count + stratum.results, 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** One step of a close: sweep a stratum at a higher rate, or close. */
export type CloseStep = { kind: "close" } | { kind: "sweep"; stratum: number; rate: number };

/**
 * Whether a window may close, or which stratum is swept first: as long as more wrong results are hidden than the class tolerates, the stratum with the most
 * of them per result is swept at twice its rate. The estimate by what devices did unaware may be higher by what one lonely error at the lowest rate stands for, so that one
 * broken device alone causes no sweep. Ends after at most log₂(1 ÷ cMin) + 1 sweeps of each stratum, when nothing is left to check.
 *
 * Source: risk-limiting audits (P. B. Stark, "Conservative statistical post-election audits", 2008): sample, and go on until the risk is below its limit or
 * everything was counted.
 */
export function decideCloseStep(strata: readonly ClosingStratum[], detections: readonly Detection[], rules: AssuranceRules): CloseStep {
  const tolerated = rules.hiddenShareMax * strata.reduce((count, stratum) => count + stratum.results, 0);
  const lonely = (1 - rules.checkRateMin) / rules.checkRateMin;
  return (
    sweepAbove(tolerated + lonely, estimateUnaware(detections, strata), { strata, rules }) ??
    sweepAbove(tolerated, estimateHidden(detections, strata), { strata, rules }) ?? { kind: "close" }
  );
}

/** The sweep that comes next if more is hidden than `hiddenMax` and there is something left to check. */
function sweepAbove(hiddenMax: number, hidden: readonly number[], of: { strata: readonly ClosingStratum[]; rules: AssuranceRules }): CloseStep | null {
  const { strata, rules } = of;
  let worst = -1;
  let worstShare = 0;
  for (const [at, stratum] of strata.entries()) {
    const share = (hidden[at] ?? 0) / Math.max(1, stratum.results);
    if (stratum.sweptRate < 1 && share > worstShare) {
      worst = at;
      worstShare = share;
    }
  }
  if (worst < 0 || sum(hidden) <= hiddenMax) return null;
  const doubled = 2 * Math.max(rules.checkRateMin, strata[worst]?.sweptRate ?? 0);
  return { kind: "sweep", stratum: worst, rate: doubled > SWEEP_ALL_ABOVE ? 1 : doubled };
}
