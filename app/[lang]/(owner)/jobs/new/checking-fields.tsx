import { useQuery } from "@tanstack/react-query";
import { assurancesQuery } from "#lib/client/queries/assurances.ts";
import { chainQuery } from "#lib/client/queries/money.ts";
import { useCostTerms } from "#lib/client/queries/submission/use-cost-terms.ts";
import { poolsOf } from "#lib/client/wallet/pool.ts";
import { expectedCost, type Micro } from "#lib/domain/ledger/money.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { listAssurances } from "#lib/protocol/jobs/trust.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { fieldIds } from "#lib/ui/controls/field.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { FileField } from "./file-field.tsx";
import { sayHold } from "./say-hold.ts";
import { TextField } from "./text-field.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** What is promised about results, what each agreeing replica earns, and the seed. With `instant` also how many devices must agree. */
export function CheckingFields({ state, feeBps, asset }: { state: JobFormState; feeBps: number; asset: string }) {
  const { text, sayError } = useWords();
  const { fields } = text.submit;
  const { data, error } = useQuery(assurancesQuery);
  const problem = state.problems.assurance;
  return (
    <Card>
      <CardHead title={text.submit.parts.checking} />
      {error && !data ? (
        <Note tone="bad" className="mb-5">
          {sayError(error)}
        </Note>
      ) : null}
      {state.form.verifier ? (
        <Note tone="info" className="mb-5">
          {fields.verifier.decides}
        </Note>
      ) : data ? (
        <Classes state={state} offers={data} feeBps={feeBps} asset={asset} />
      ) : error ? null : (
        <Skeleton label={text.studio.assurance.loading} lines={5} className="mb-5" />
      )}
      {problem ? (
        <p id={fieldIds("assurance").problemId} className="mb-4 text-bad text-sm" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="grid gap-5 sm:grid-cols-2">
        <Verifier state={state} />
        {state.form.assurance === "instant" && !state.form.verifier ? (
          <>
            <TextField state={state} name="quorum" words={fields.quorum} isNumber />
            <TextField state={state} name="replicasMax" words={fields.replicasMax} isNumber />
          </>
        ) : null}
        <TextField state={state} name="price" words={{ ...fields.price, unit: asset }} isNumber />
        <PayingChain state={state} />
        <TextField state={state} name="seed" words={fields.seed} isNumber />
      </div>
    </Card>
  );
}

/** The chain that pays, where the instance has several or a job file names one that it has not. */
function PayingChain({ state }: { state: JobFormState }) {
  const { text, fill } = useWords();
  const { chain } = text.submit.fields;
  const [first, ...further] = poolsOf(useQuery(chainQuery).data);
  if (!first) return null;
  const asked = state.form.chain;
  const known = further.map(({ chainId, chainName }) => [String(chainId), chainName] as const);
  // A job file may name the first chain too.
  const isFirst = asked === "" || asked === String(first.chainId);
  const isUnknown = !isFirst && known.every(([id]) => id !== asked);
  if (further.length === 0 && !isUnknown) return null;
  const choices = [[isFirst ? asked : "", first.chainName] as const, ...known, ...(isUnknown ? [[asked, fill(chain.unknown, { id: asked })] as const] : [])];
  return <ChoiceField state={state} name="chain" label={chain.label} hint={chain.hint} choices={choices} />;
}

/** The program that judges outputs, where an owner brings one, and its arguments. */
function Verifier({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { verifier, verifierArgs } = text.submit.fields;
  return (
    <>
      <div className="space-y-2">
        <FileField
          id={fieldIds("verifier").id}
          label={verifier.label}
          hint={verifier.hint}
          accept=".wasm"
          problem={state.problems.verifier}
          file={state.form.verifier}
          onFile={(file) => state.set("verifier", file)}
        />
        {state.form.verifier ? (
          <Button size="small" onClick={() => state.set("verifier", null)}>
            {verifier.remove}
          </Button>
        ) : null}
      </div>
      {state.form.verifier ? <TextField state={state} name="verifierArgs" words={verifierArgs} /> : <span className="hidden sm:block" />}
    </>
  );
}

type Offers = OutputOf<typeof listAssurances>;
type Offer = Offers["classes"][number];

function Classes({ state, offers, feeBps, asset }: { state: JobFormState; offers: Offers; feeBps: number; asset: string }) {
  const { text } = useWords();
  const words = text.studio.assurance;
  const chosen = state.form.assurance ?? offers.default;
  const costOf = useCosts(state, feeBps);
  return (
    <fieldset className="mb-5 grid gap-2">
      <legend className="sr-only">{words.label}</legend>
      {offers.classes.map((offer) => (
        <label
          key={offer.assurance}
          className={cn(
            "flex gap-3 rounded-control border p-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2",
            chosen === offer.assurance ? "border-accent bg-accent-soft" : "border-edge",
            offer.unavailable ? "cursor-not-allowed" : "cursor-pointer",
          )}
        >
          <input
            type="radio"
            name="assurance"
            className="mt-0.5 size-4 shrink-0 accent-accent"
            disabled={offer.unavailable !== null}
            checked={chosen === offer.assurance}
            onChange={() => state.set("assurance", offer.assurance)}
          />
          <OfferText offer={offer} cost={{ micro: costOf(offer), asset }} isFirst={offer.assurance === offers.default} isChosen={chosen === offer.assurance} />
        </label>
      ))}
    </fieldset>
  );
}

/** What the job would cost with a class while nobody attacks; null before its shards and price are known, and for a number of equal results that the class was not measured with. */
function useCosts({ form }: JobFormState, feeBps: number): (offer: Offer) => Micro | null {
  const { terms, shardCount } = useCostTerms(form);
  if (!terms || shardCount === null) return () => null;
  const { priceMicro, verification } = terms;
  return ({ assurance, quorum, executions }) =>
    assurance === verification.assurance && quorum !== verification.quorum ? null : expectedCost({ shardCount, executions, priceMicro, feeBps });
}

type OfferProps = { offer: Offer; cost: { micro: Micro | null; asset: string }; isFirst: boolean; isChosen: boolean };

function OfferText({ offer, cost, isFirst, isChosen }: OfferProps) {
  const said = useWords();
  const { text, format, fill } = said;
  const words = text.studio.assurance;
  const { label, meaning } = words.classes[offer.assurance];
  const facts = [
    fill(words.executions, { count: format.measure(offer.executions) }),
    fill(words.bound, { count: Math.floor(1 / offer.errorBound) }),
    sayHold(offer, said),
    ...(cost.micro === null ? [] : [fill(words.cost, { cost: format.money(cost.micro, cost.asset) })]),
  ];
  return (
    <span className="min-w-0">
      <span className="flex flex-wrap items-center gap-x-2 font-medium">
        {label}
        {isFirst ? <Badge tone="accent">{words.offered}</Badge> : null}
      </span>
      <span className={cn("block", isChosen ? undefined : "text-quiet")}>{meaning}</span>
      <span className={cn("block", isChosen ? undefined : "text-quiet")}>{offer.unavailable ? words.unavailable[offer.unavailable] : facts.join(" · ")}</span>
    </span>
  );
}
