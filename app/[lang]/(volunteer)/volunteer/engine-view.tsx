import { lazy, Suspense } from "react";
import { isStopped, type Volunteer } from "#lib/client/volunteer/use-volunteer.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";
import { ExplainLink } from "#lib/ui/display/explain-link.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import type { EnginePhase } from "#workers/volunteer/engine-contract.ts";

const TONES: Record<EnginePhase, Tone> = {
  idle: "neutral",
  starting: "accent",
  running: "good",
  waiting: "warn",
  stopping: "accent",
  stopped: "neutral",
  failed: "bad",
};

/** Only a tab that was started shows figures. */
const LiveFigures = lazy(async () => ({ default: (await import("./live-figures.tsx")).LiveFigures }));

/** What this tab does at the moment and why it does not more. Only phase and reason are read out: figures change four times a second. */
export function EngineView({ volunteer }: { volunteer: Volunteer }) {
  const {
    text: { volunteer: text, states },
    sayCode,
  } = useWords();
  const { engine, isTakenByOtherTab, problem, wall } = volunteer;
  const reason = engine.reason ? (sayCode(engine.reason.code, engine.reason.params) ?? engine.reason.message) : null;
  return (
    <div className="space-y-6">
      <div aria-live="polite" className="space-y-3">
        <Badge tone={TONES[engine.phase]}>{states.enginePhases[engine.phase]}</Badge>
        {isTakenByOtherTab ? <Note tone="warn">{text.otherTab}</Note> : null}
        {problem ? <Note tone="bad">{problem}</Note> : null}
        {engine.reason ? (
          <Note tone={engine.phase === "failed" ? "bad" : "info"}>
            {reason} <ExplainLink code={engine.reason.code} />
          </Note>
        ) : null}
        {engine.isKeeping ? null : <Note tone="warn">{text.notKeeping}</Note>}
      </div>
      {engine.phase === "idle" ? (
        <p className="text-quiet text-sm">{text.notRunning}</p>
      ) : (
        <Suspense>
          <LiveFigures engine={engine} />
        </Suspense>
      )}
      {wall && !isStopped(volunteer) ? <p className="text-quiet text-sm">{text.wall[wall]}</p> : null}
    </div>
  );
}
