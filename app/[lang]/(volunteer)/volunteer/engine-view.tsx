import type { Volunteer } from "#lib/client/volunteer/use-volunteer.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";
import { Fact, Facts, Figure } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import type { EnginePhase, EngineSnapshot } from "#workers/volunteer/engine-contract.ts";

const TONES: Record<EnginePhase, Tone> = {
  idle: "neutral",
  starting: "accent",
  running: "good",
  waiting: "warn",
  stopping: "accent",
  stopped: "neutral",
  failed: "bad",
};

/** What this tab does at the moment, in numbers and words. */
export function EngineView({ volunteer }: { volunteer: Volunteer }) {
  const {
    text: { volunteer: text, states },
    format,
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
        {reason ? <Note tone={engine.phase === "failed" ? "bad" : "info"}>{reason}</Note> : null}
      </div>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        <Figure name={text.finished} value={format.number(engine.counts.finished)} />
        <Figure name={text.taken} value={format.number(engine.counts.taken)} />
        <Figure name={text.rate} value={format.measure(engine.ratePerMinute)} />
      </dl>
      <Cores engine={engine} />
      <Jobs engine={engine} />
      <Facts>
        {engine.counts.late > 0 ? <Fact name={text.late}>{format.number(engine.counts.late)}</Fact> : null}
        {engine.counts.failed > 0 ? <Fact name={text.failed}>{format.number(engine.counts.failed)}</Fact> : null}
        {engine.sinceMs !== null && engine.perExecutor.length > 0 ? (
          <Fact name={text.since}>
            <Moment at={new Date(engine.sinceMs).toISOString()} />
          </Fact>
        ) : null}
        {engine.trusted ? <Fact name={text.device}>{text.trusted}</Fact> : null}
      </Facts>
      {wall && engine.perExecutor.length > 0 ? <p className="text-quiet text-sm">{text.wall[wall]}</p> : null}
    </div>
  );
}

function Cores({ engine }: { engine: EngineSnapshot }) {
  const {
    text: { volunteer: text },
    fill,
  } = useWords();
  if (engine.perExecutor.length === 0) return null;
  const names = new Map(engine.jobs.map((job) => [job.jobId, job.name]));
  return (
    <section aria-label={text.cores}>
      <ul className="grid gap-2 sm:grid-cols-2">
        {engine.perExecutor.map((shard, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a core is its number
          <li key={i} className="flex min-w-0 items-center gap-3 rounded-control bg-sunken px-3 py-2 text-sm">
            <span className="shrink-0 text-quiet">{fill(text.core, { no: i + 1 })}</span>
            <span className="ml-auto truncate">{shard ? `${names.get(shard.jobId) ?? ""} ${fill(text.shard, { no: shard.shardNo })}`.trim() : text.idle}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Jobs({ engine }: { engine: EngineSnapshot }) {
  const text = useWords().text.volunteer;
  return (
    <section aria-label={text.jobs}>
      <h3 className="mb-2 font-medium text-sm">{text.jobs}</h3>
      {engine.jobs.length === 0 ? (
        <p className="text-quiet text-sm">{text.jobsNone}</p>
      ) : (
        <ul className="space-y-3">
          {engine.jobs.map((job) => (
            <li key={job.jobId} className="text-sm">
              <p className="font-medium [overflow-wrap:anywhere]">
                {job.name} <span className="font-normal text-quiet">· {job.topic}</span>
              </p>
              {job.description ? <p className="text-quiet [overflow-wrap:anywhere]">{job.description}</p> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
