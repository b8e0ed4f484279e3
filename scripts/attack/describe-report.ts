import { BEHAVIOURS } from "./behaviours.ts";
import type { AttackReport, BehaviourReport, Gain } from "./run-attack.ts";

/** What a made-up result costs whoever makes it up, as a share of a right one. */
const LIE_EFFORT = 0.02;
/** Of what they compute, honest devices are paid for at least this share; results that came too late are not. */
const HONEST_PAID_SHARE_MIN = 0.95;

/** Payments for each result that somebody claims to have computed, as honest devices are paid: 1 is what an honest device gets for it. */
export function payPerClaim(gain: Gain, honest: Gain): number {
  return perUnit(gain.paid, gain.claimed) / perUnit(honest.paid, honest.claimed);
}

/** Payments for what somebody really computed, made-up results at a fiftieth: honest work earns at most 1, so that above it cheating was worth something. */
function payPerEffort(gain: Gain): number {
  return perUnit(gain.paid, gain.right + LIE_EFFORT * gain.wrong);
}

function perUnit(paid: number, units: number): number {
  return units === 0 ? 0 : paid / units;
}

/** What went wrong for the instance, in words; empty when the swarm gained nothing. */
export function listGains({ honest, attacks }: AttackReport): string[] {
  const problems = attacks.flatMap((attack) => {
    const of = (text: string) => `${attack.behaviour}: ${text}`;
    return [
      attack.jobState === "final" ? [] : [of(`the job is ${attack.jobState}`)],
      attack.wrongFinal > 0 ? [of(`${attack.wrongFinal} wrong results are final`)] : [],
      payPerClaim(attack, honest) >= 1 ? [of("claimed results are paid like honest ones")] : [],
      payPerEffort(attack) > 1 ? [of("cheating pays more than computing")] : [],
    ].flat();
  });
  if (honest.shunned > 0) problems.push(`${honest.shunned} honest devices were banned`);
  if (honest.paid < HONEST_PAID_SHARE_MIN * honest.right) problems.push(`honest devices were paid for ${honest.paid} of ${honest.right} results`);
  return problems;
}

/** The report as a table for a terminal, a line for each behaviour. */
export function describeReport({ honest, attacks }: AttackReport): string[] {
  const head = ["", "names", "claimed", "right", "wrong", "paid", "per claim", "per effort", "banned", "wrong finals", "taken back", "executions"];
  const rows = attacks.map((attack) => [attack.behaviour, ...cellsOf(attack, honest), ...jobCells(attack)]);
  const lines = [head, ["honest", ...cellsOf(honest, honest)], ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const table = lines.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  "));
  return [...table, "", ...attacks.map(({ behaviour }) => `${behaviour}: ${BEHAVIOURS[behaviour].does}`)];
}

function cellsOf(gain: Gain, honest: Gain): string[] {
  const { names, claimed, right, wrong, paid, shunned } = gain;
  return [...[names, claimed, right, wrong, paid].map(String), payPerClaim(gain, honest).toFixed(2), payPerEffort(gain).toFixed(2), String(shunned)];
}

function jobCells({ final, wrongFinal, refuted, executions }: BehaviourReport): string[] {
  return [`${wrongFinal} of ${final}`, String(refuted), executions === null ? "" : executions.toFixed(2)];
}
