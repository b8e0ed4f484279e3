import type { PauseRule } from "#lib/domain/governor/decide-activity.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import type { SlicingMode } from "#lib/domain/slicing/slicing.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import type { ErrorCode } from "#lib/protocol/errors.ts";
import type { WaitReason } from "#lib/protocol/exchange/exchange.ts";
import type { ENGINE_REASONS, EnginePhase } from "#workers/volunteer/engine-contract.ts";

export const jobStates: Record<JobState, { label: string; meaning: string }> = {
  running: { label: "Running", meaning: "Shards are being given out." },
  paused: { label: "Paused", meaning: "No new shards are given out; what was running may still report." },
  needs_funds: {
    label: "Needs funds",
    meaning: "What is reserved does not cover another shard. Raise the budget to go on, or cancel to get back what is left.",
  },
  computed: { label: "Computed", meaning: "Every shard has a usable result; some are still being checked." },
  final: { label: "Finished", meaning: "Every shard has its verdict." },
  failed: { label: "Failed", meaning: "The job stopped itself." },
  cancelled: { label: "Cancelled", meaning: "You ended the job. Verified results stay." },
};

export const outcomes: Record<Outcome, string> = {
  ok: "finished",
  exit_code: "exited with an error",
  trap: "trapped",
  output_limit: "wrote more than allowed",
  no_output: "wrote nothing",
  timeout: "ran out of time",
  out_of_memory: "ran out of memory",
  crashed: "crashed",
};

/** Why shards got no verdict, where it stands inside a sentence. */
export const noVerdicts: Partial<Record<ErrorCode, string>> = {
  shard_no_agreement: "no agreeing results",
  shard_rejected: "rejected by the verifier",
  shard_machine_failures: "no machine could run them",
  shard_lost: "lost every time",
};

/** Why a tab that is started computes nothing. */
export const waitReasons: Record<WaitReason | PauseRule | (typeof ENGINE_REASONS)[number], string> = {
  no_jobs: "Nobody needs computing right now. Your tab asks again by itself.",
  second_device: "What is left has to be checked by someone else's device. Your tab asks again by itself.",
  all_granted: "Everything left is already running on other devices. Your tab asks again by itself.",
  enough_held: "Your tab holds as much as it may. It goes on as soon as that is done.",
  needs_webgpu: "Jobs that need WebGPU wait here: {jobs, number}. This device does not offer it now; your tab asks again by itself.",
  results_wrong:
    "Results of this device were wrong more than once, so it gets no shards here. It may be failing memory, too high a clock rate or an old driver: have it checked. Nothing is held against you.",
  instance_stopped: "The operators of this instance stopped everything for now. Your tab asks again by itself.",
  checks_only: "This device checks the jobs of its owner and computes for nobody.",
  not_chosen:
    "None of the jobs you chose needs computing right now. Others wait: {jobs, number}. You can choose them, or leave the tab: it asks again by itself.",
  gpu_lost: "Jobs that need WebGPU: {jobs, number}. Your GPU was lost {ago, duration} ago; next try in {left, duration}.",
  unreachable: "The instance cannot be reached. Finished results are kept here and sent when it answers.",
  executors_failed: "Your browser could not start the computing part. Reload the page; if it stays, this browser cannot run it.",
  job_unusable: "This device cannot run the program that is waiting. Your tab asks again by itself.",
  paused_hours: "Paused until {from}: you lend this device from {from} to {to}.",
  paused_hidden: "Paused while this page is hidden, as you chose.",
  paused_visible: "Paused while you look at this page, as you chose.",
  paused_battery: "Paused while this device runs on its battery. It goes on when it charges.",
  paused_power_unknown: "Paused: you chose to compute only while charging, and this browser does not tell whether it does.",
  paused_data: "Paused until midnight: today's {mib, number} MiB are used up.",
};

export const enginePhases: Record<EnginePhase, string> = {
  idle: "Not started",
  starting: "Starting",
  running: "Computing",
  waiting: "Waiting",
  stopping: "Stopping",
  stopped: "Stopped",
  failed: "Cannot go on",
};

export const keyScopes: Record<KeyScope, string> = {
  "jobs:read": "See jobs and download results",
  "jobs:write": "Submit, pause, resume and cancel jobs",
  "artifacts:write": "Upload programs and inputs",
  "devices:manage": "Manage trusted devices (operators)",
  "instance:manage": "Review and end jobs, stop the instance (operators)",
};

export const slicingModes: Record<SlicingMode, { label: string; meaning: string }> = {
  lines: { label: "Lines", meaning: "Cuts a text input between lines." },
  csv: { label: "CSV rows", meaning: "Cuts a table between rows; every shard gets the header." },
  ndjson: { label: "JSON lines", meaning: "Cuts an input of one JSON document a line." },
  fasta: { label: "FASTA records", meaning: "Cuts the input between sequences." },
  bytes: { label: "Blocks of bytes", meaning: "Cuts any file into blocks of one size." },
  files: { label: "Files of a zip", meaning: "Each file in it is a shard." },
  range: { label: "Range of numbers", meaning: "Counts; takes no input." },
  grid: { label: "Grid of parameters", meaning: "Every combination of values; takes no input." },
  repeat: { label: "Repeated runs", meaning: "Each run has its own seed; takes no input." },
};
