import type { JobState } from "#lib/domain/job/job.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";

const TONES: Record<JobState, Tone> = {
  running: "accent",
  paused: "warn",
  needs_funds: "warn",
  computed: "accent",
  final: "good",
  failed: "bad",
  cancelled: "neutral",
};

/** A job's state in a word. */
export function JobStateBadge({ state }: { state: JobState }) {
  const { text } = useWords();
  return <Badge tone={TONES[state]}>{text.states.jobStates[state].label}</Badge>;
}
