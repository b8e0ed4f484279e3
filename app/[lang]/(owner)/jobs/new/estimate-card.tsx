import { useQuery } from "@tanstack/react-query";
import { assurancesQuery } from "#lib/client/queries/assurances.ts";
import { estimateQuery } from "#lib/client/queries/estimate.ts";
import type { JobForm } from "#lib/client/queries/submission/job-form.ts";
import { readCostForm } from "#lib/client/queries/submission/read-cost-form.ts";
import { useShardCount } from "#lib/client/queries/submission/use-submission.ts";
import { timingsOf } from "#lib/client/trial/trial-outcome.ts";
import { type TrialRequest, type TrialView, trialKey } from "#lib/client/trial/use-trial.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import type { estimateJob, JobEstimateView } from "#lib/protocol/jobs/estimate.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";

type EstimateProps = { form: JobForm; trial: TrialView; request: TrialRequest | null; asset: string };

/** What the whole job takes, costs, and when it would be done, from the shards that were tried; each number says where it comes from. */
export function EstimateCard(props: EstimateProps) {
  const { text } = useWords();
  const { estimate } = text.studio;
  const input = useEstimateInput(props);
  const { data, error } = useQuery(estimateQuery(input));
  return (
    <Card aria-live="polite">
      <CardHead title={estimate.title} />
      {error ? <ErrorNote error={error} /> : null}
      {!input ? <p className="text-quiet text-sm">{estimate.needsTrial}</p> : null}
      {input && data ? <Estimated estimate={data} asset={props.asset} /> : null}
      {input && !data && !error ? <p className="text-quiet text-sm">{estimate.loading}</p> : null}
    </Card>
  );
}

function useEstimateInput({ form, trial, request }: EstimateProps): InputOf<typeof estimateJob> | null {
  const words = useWords();
  const { data: offers } = useQuery(assurancesQuery);
  const terms = readCostForm(form, offers?.default ?? "instant", words);
  const counted = useShardCount(terms?.slicing ?? null, form.input);
  const trialMs = timingsOf(trial.shards);
  // A trial of another program or input says nothing about this one.
  const isCurrent = request !== null && trial.key === trialKey({ ...request, parts: request.parts.slice(0, trial.wanted) });
  if (!terms || !counted.data?.ok || trialMs.length === 0 || !isCurrent) return null;
  const { assurance, quorum, replicasMax } = terms.verification;
  return {
    shardCount: counted.data.shardCount,
    trialMs,
    replicaMicro: String(terms.priceMicro),
    ...(assurance ? { assurance } : {}),
    ...(quorum ? { quorum } : {}),
    ...(replicasMax ? { replicasMax } : {}),
  };
}

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

function Estimated({ estimate, asset }: { estimate: JobEstimateView; asset: string }) {
  const { text, format, fill } = useWords();
  const words = text.studio.estimate;
  const { finishSeconds, cpuHours, cost, fleet, shardCount, executionsPerShard } = estimate;
  const between = (range: { low: number; high: number }, unitMs: number) =>
    fill(words.range, { low: format.duration(range.low * unitMs), high: format.duration(range.high * unitMs) });
  return (
    <>
      <Facts>
        <Fact name={words.time}>{finishSeconds ? <strong className="font-semibold">{between(finishSeconds, SECOND_MS)}</strong> : words.timeNone}</Fact>
        <Fact name={words.cost}>{format.money(cost.expectedMicro, asset)}</Fact>
        <Fact name={words.shards}>{format.number(shardCount)}</Fact>
        <Fact name={words.executions}>{format.measure(executionsPerShard)}</Fact>
        <Fact name={words.cpu}>{between(cpuHours, HOUR_MS)}</Fact>
        <Fact name={words.devices}>{fill(words.devicesText, { devices: fleet.devices, cores: fleet.cores })}</Fact>
      </Facts>
      <details className="mt-3 text-sm">
        <summary className="rounded-control py-1 text-quiet">{words.why}</summary>
        <dl className="mt-1 space-y-2">
          <Why name={words.time} text={fill(words.whyTime, { jobs: fleet.otherJobs })} />
          <Why name={words.cost} text={words.whyCost} />
          <Why name={words.executions} text={words.whyExecutions} />
          <Why name={words.cpu} text={words.whyCpu} />
          <Why name={words.devices} text={words.whyDevices} />
        </dl>
      </details>
    </>
  );
}

function Why({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt className="font-medium">{name}</dt>
      <dd className="text-quiet">{text}</dd>
    </div>
  );
}
