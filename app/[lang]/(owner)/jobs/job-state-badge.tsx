import type { JobState } from "#lib/domain/job/job.ts";
import { en } from "#lib/text/en.ts";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";

const TONES: Record<JobState, Tone> = { running: "accent", paused: "warn", needs_funds: "warn", final: "good", failed: "bad", cancelled: "neutral" };

/** A job's state in a word. */
export function JobStateBadge({ state }: { state: JobState }) {
  return <Badge tone={TONES[state]}>{en.states.jobStates[state].label}</Badge>;
}
