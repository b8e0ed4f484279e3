"use client";

import { useWords } from "#lib/text/react/words-provider.tsx";
import { Fact, Facts, Figure } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import type { EngineSnapshot } from "#workers/volunteer/engine-contract.ts";
import { ReportThisJob } from "../../../report-this-job.tsx";
import { Pictures } from "./pictures.tsx";

type EngineProps = { engine: EngineSnapshot };

/** What each core computes, for which jobs, and what became of the results. */
export function LiveFigures({ engine }: EngineProps) {
  const {
    text: { volunteer: text },
    format,
    fill,
  } = useWords();
  const { counts, lastRefusal, share } = engine;
  return (
    <div className="space-y-6">
      {share.heatFactor < 1 && engine.perExecutor.length > 0 ? <Note tone="warn">{fill(text.heat, { share: format.share(share.heatFactor) })}</Note> : null}
      {engine.gpuRest && engine.reason?.code !== "gpu_lost" ? (
        <Note tone="warn">{fill(text.gpuRest, { ago: engine.gpuRest.lostAgoMs, left: engine.gpuRest.leftMs })}</Note>
      ) : null}
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        <Figure name={text.finished} value={format.number(counts.finished)} />
        <Figure name={text.taken} value={format.number(counts.taken)} />
        <Figure name={text.rate} value={format.measure(engine.ratePerMinute)} />
      </dl>
      <Cores engine={engine} />
      <Jobs engine={engine} />
      <Pictures jobs={engine.jobs} />
      {lastRefusal ? (
        <Note tone="warn">{fill(text.lastRefusal, { job: lastRefusal.jobName, no: lastRefusal.shardNo, problem: lastRefusal.problem })}</Note>
      ) : null}
      <Facts>
        <ShareFact engine={engine} />
        <Fact name={text.late}>{format.number(counts.late)}</Fact>
        <Fact name={text.refused}>{format.number(counts.refused)}</Fact>
        {counts.failed > 0 ? <Fact name={text.failed}>{format.number(counts.failed)}</Fact> : null}
        {engine.keptResults > 0 ? <Fact name={text.kept}>{format.number(engine.keptResults)}</Fact> : null}
        <Fact name={text.bytesToday}>{format.bytes(engine.bytesToday)}</Fact>
        {engine.sinceMs !== null && engine.perExecutor.length > 0 ? (
          <Fact name={text.since}>
            <Moment at={new Date(engine.sinceMs).toISOString()} />
          </Fact>
        ) : null}
        {engine.trusted ? <Fact name={text.device}>{text.trusted}</Fact> : null}
      </Facts>
    </div>
  );
}

function ShareFact({ engine: { share, perExecutor } }: EngineProps) {
  const {
    text: { volunteer: text },
    format,
    fill,
  } = useWords();
  if (perExecutor.length === 0) return null;
  const asked = format.share(share.requestedShare);
  if (share.actualShare === null) return <Fact name={text.share}>{fill(text.shareMeasuring, { asked })}</Fact>;
  // Whole per cents, as the setting has them: a minute holds no more than that.
  const actual = format.share(Math.round(share.actualShare * 100) / 100);
  return <Fact name={text.share}>{fill(share.isApproximate ? text.shareAbout : text.shareReached, { asked, actual })}</Fact>;
}

function Cores({ engine }: EngineProps) {
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

function Jobs({ engine }: EngineProps) {
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
              <ReportThisJob jobId={job.jobId} name={job.name} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
