import { useQuery } from "@tanstack/react-query";
import { assurancesQuery } from "#lib/client/queries/assurances.ts";
import { estimateQuery } from "#lib/client/queries/estimate.ts";
import type { JobForm } from "#lib/client/queries/submission/job-form.ts";
import { useCostTerms } from "#lib/client/queries/submission/use-cost-terms.ts";
import { timingsOf } from "#lib/client/trial/trial-outcome.ts";
import { type TrialRequest, type TrialView, trialKey } from "#lib/client/trial/use-trial.ts";
import type { FinishUnknown } from "#lib/domain/estimate/finish-unknown.ts";
import { poolOf } from "#lib/domain/pool/pool.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import type { estimateJob, JobEstimateView } from "#lib/protocol/jobs/estimate.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { sayHold } from "./say-hold.ts";

type EstimateProps = { form: JobForm; trial: TrialView; request: TrialRequest | null; asset: string };

/** What the whole job costs and, once shards were tried, what it takes and when it would be done; each number says where it comes from. */
export function EstimateCard(props: EstimateProps) {
  const { text } = useWords();
  const { estimate } = text.studio;
  const { cost } = text.submit;
  const { input, isCounting, isTrialEmpty } = useEstimateInput(props);
  const { data, error } = useQuery(estimateQuery(input));
  return (
    <Card aria-live="polite">
      <CardHead title={estimate.title} />
      {error ? <ErrorNote error={error} /> : null}
      {!input ? <p className="text-quiet text-sm">{isCounting ? cost.counting : cost.unknown}</p> : null}
      {input && data ? <Estimated estimate={data} asset={props.asset} untried={isTrialEmpty ? estimate.trialEmpty : estimate.unknown.untried} /> : null}
      {input && !data && !error ? <p className="text-quiet text-sm">{estimate.loading}</p> : null}
    </Card>
  );
}

type EstimateInput = {
  /** Null while the cost cannot be known. */
  input: InputOf<typeof estimateJob> | null;
  isCounting: boolean;
  /** Whether shards of this program and input were tried and none of them ended with an output. */
  isTrialEmpty: boolean;
};

function useEstimateInput({ form, trial, request }: EstimateProps): EstimateInput {
  const { terms, shardCount, isCounting } = useCostTerms(form);
  // A trial of another program or input says nothing about this one.
  const isCurrent = request !== null && trial.key === trialKey({ ...request, parts: request.parts.slice(0, trial.wanted) });
  const trialMs = isCurrent ? timingsOf(trial.shards) : [];
  const isTrialEmpty = isCurrent && !trial.isRunning && trial.shards.length > 0 && trialMs.length === 0;
  const state = { isCounting, isTrialEmpty };
  if (!terms || shardCount === null) return { ...state, input: null };
  const { assurance, quorum, replicasMax } = terms.verification;
  const pool = poolOf(form.visibility ?? undefined);
  const input = {
    shardCount,
    replicaMicro: String(terms.priceMicro),
    assurance,
    quorum,
    replicasMax,
    runtime: form.carried.runtime,
    ...(trialMs.length > 0 ? { trialMs } : {}),
    ...(pool ? { pool } : {}),
  };
  return { ...state, input };
}

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

/** `untried` says what would tell the time where no shard's is known. */
function Estimated({ estimate, asset, untried }: { estimate: JobEstimateView; asset: string; untried: string }) {
  const { text, format, fill } = useWords();
  const words = text.studio.estimate;
  const { finishSeconds, finishUnknown, cpuHours, cost, fleet, shardCount, executionsPerShard } = estimate;
  const between = (range: { low: number; high: number }, unitMs: number) =>
    fill(words.range, { low: format.duration(range.low * unitMs), high: format.duration(range.high * unitMs) });
  const why = (reason: FinishUnknown) => (reason === "untried" ? untried : words.unknown[reason]);
  const hold = useHold(estimate.assurance);
  return (
    <>
      <Facts>
        <Fact name={words.time}>
          {finishSeconds ? <strong className="font-semibold">{between(finishSeconds, SECOND_MS)}</strong> : finishUnknown && why(finishUnknown)}
        </Fact>
        <Fact name={words.cost}>{format.money(cost.expectedMicro, asset)}</Fact>
        <Fact name={words.shards}>{format.number(shardCount)}</Fact>
        <Fact name={words.executions}>{format.measure(executionsPerShard)}</Fact>
        {hold ? <Fact name={words.results}>{hold}</Fact> : null}
        <Fact name={words.cpu}>{cpuHours ? between(cpuHours, HOUR_MS) : finishUnknown === "kernel" ? words.cpuKernel : untried}</Fact>
        <Fact name={words.devices}>{fill(words.devicesText, { devices: fleet.devices, cores: fleet.cores })}</Fact>
      </Facts>
      <details className="mt-3 text-sm">
        <summary className="rounded-control py-1 text-quiet">{words.why}</summary>
        <dl className="mt-1 space-y-2">
          {finishSeconds ? <Why name={words.time} text={fill(words.whyTime, { jobs: fleet.otherJobs })} /> : null}
          <Why name={words.cost} text={words.whyCost} />
          <Why name={words.shards} text={words.whyShards} />
          <Why name={words.executions} text={words.whyExecutions} />
          {hold ? <Why name={words.results} text={words.whyResults} /> : null}
          {cpuHours ? <Why name={words.cpu} text={words.whyCpu} /> : null}
          <Why name={words.devices} text={words.whyDevices} />
        </dl>
      </details>
    </>
  );
}

/** When results are final that were checked like this, in words; null before it is known what the instance promises. */
function useHold(assurance: AssuranceClass): string | null {
  const words = useWords();
  const { data: offers } = useQuery(assurancesQuery);
  const offer = offers?.classes.find((one) => one.assurance === assurance);
  return offer ? sayHold(offer, words) : null;
}

function Why({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt className="font-medium">{name}</dt>
      <dd className="text-quiet">{text}</dd>
    </div>
  );
}
