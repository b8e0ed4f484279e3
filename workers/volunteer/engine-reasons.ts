import type { PauseRule } from "#lib/domain/governor/decide-activity.ts";
import type { ErrorParams } from "#lib/protocol/errors.ts";
import type { WaitReason } from "#lib/protocol/exchange/exchange.ts";
import type { EngineReason } from "./engine-contract.ts";
import type { GpuRest } from "./running/gpu-watch.ts";

const WAIT_MESSAGES: Record<WaitReason, string> = {
  no_jobs: "There is no job to compute right now.",
  second_device: "What is left has to be checked by another device.",
  all_granted: "Everything left is being computed by others.",
  enough_held: "This device holds as much as it may; it goes on when that is done.",
  needs_webgpu: "Jobs are waiting that need WebGPU, which this device does not offer now.",
  results_wrong: "Results of this device were wrong more than once; its memory, clock rate or driver may be at fault.",
  instance_stopped: "The operators of the instance stopped everything for now.",
  checks_only: "This device checks its owner's jobs and computes for nobody.",
  not_chosen: "Other jobs wait, but none of those that this device chose to serve.",
};

/** Why the instance has nothing, as a reason to show. */
export function waitReason(code: WaitReason, params: ErrorParams = {}): EngineReason {
  return { code, params, message: WAIT_MESSAGES[code] };
}

/** Jobs need the GPU of this device, which was lost and is left alone for a while. */
export function gpuLostReason(jobs: number, { lostAgoMs, leftMs }: GpuRest): EngineReason {
  const message = `Jobs that need WebGPU: ${jobs}. This device's GPU was lost ${lostAgoMs / 1000} s ago; next try in ${leftMs / 1000} s.`;
  return { code: "gpu_lost", params: { jobs, ago: lostAgoMs, left: leftMs }, message };
}

const PAUSE_MESSAGES: Record<PauseRule, string> = {
  paused_hours: "Paused: outside the hours you set.",
  paused_hidden: "Paused: you allowed computing only while the page is visible.",
  paused_visible: "Paused: you allowed computing only while the page is hidden.",
  paused_battery: "Paused: the device runs on its battery.",
  paused_power_unknown: "Paused: you allowed computing only while charging, and this browser does not tell whether it does.",
  paused_data: "Paused: the data of this day is used up.",
};

/** A rule of the volunteer's that forbids computing now, as a reason to show. */
export function pauseReason(code: PauseRule, params: ErrorParams): EngineReason {
  return { code, params, message: PAUSE_MESSAGES[code] };
}
