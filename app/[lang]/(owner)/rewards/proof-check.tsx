"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "#lib/client/queries/api.ts";
import type { Proof } from "#lib/client/wallet/claim.ts";
import type { Pool } from "#lib/client/wallet/pool.ts";
import { getEpochFile, getProof } from "#lib/protocol/payouts/payouts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Note } from "#lib/ui/display/note.tsx";

type Checked = { proof: Proof; isProven: boolean; isOnChain: boolean };
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Recomputes an address' proof in the visitor's own browser and compares its root with the contract's. Open to everybody. */
export function ProofCheck({ pools, address }: { pools: readonly [Pool, ...Pool[]]; address: string }) {
  const { text } = useWords();
  const words = text.rewards.proof;
  const [typed, setTyped] = useState(address);
  const [problem, setProblem] = useState<string | null>(null);
  const [chainId, setChainId] = useState(pools[0].chainId);
  const pool = pools.find((one) => one.chainId === chainId) ?? pools[0];
  const check = useMutation({
    mutationFn: async (asked: string): Promise<Checked> => {
      const proof = await api.call(getProof, { address: asked, chainId });
      const { isProven, readRoot } = await import("#lib/client/wallet/claim.ts");
      const root = await readRoot(pool);
      return { proof, isProven: isProven(proof), isOnChain: root === proof.root };
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isAddress = ADDRESS.test(typed.trim());
    setProblem(isAddress ? null : words.addressWrong);
    if (isAddress) check.mutate(typed.trim());
  };
  return (
    <Card>
      <CardHead title={words.title} />
      <p className="mb-4 text-quiet text-sm">{words.text}</p>
      <form noValidate onSubmit={submit} className="space-y-3">
        <Field id="proof-address" label={words.address} problem={problem}>
          <Input
            {...controlProps("proof-address", { problem })}
            value={typed}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-xs!"
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        {pools.length > 1 ? (
          <Field id="proof-chain" label={words.chain}>
            <Select
              {...controlProps("proof-chain", {})}
              value={String(chainId)}
              onChange={(event) => {
                setChainId(Number(event.target.value));
                check.reset();
              }}
            >
              {pools.map((one) => (
                <option key={one.chainId} value={one.chainId}>
                  {one.chainName}
                </option>
              ))}
            </Select>
          </Field>
        ) : null}
        <Button type="submit" disabled={check.isPending}>
          {words.check}
        </Button>
      </form>
      <div aria-live="polite" className="mt-4">
        {check.data ? <Answer {...check.data} pool={pool} /> : null}
        {check.error ? <ErrorNote error={check.error} isAlert /> : null}
      </div>
    </Card>
  );
}

/** The same for everybody at once: from the public file to the root. */
function WholeEpoch({ pool, epoch }: { pool: Pool; epoch: number }) {
  const { text, format, fill } = useWords();
  const words = text.rewards.proof;
  const whole = useMutation({
    mutationFn: async () => await (await import("#lib/client/wallet/recheck-epoch.ts")).recheckEpoch(pool, epoch),
  });
  const { data, error, isPending } = whole;
  return (
    <div className="mt-3 space-y-3">
      <Button size="small" disabled={isPending} onClick={() => whole.mutate()}>
        {isPending ? words.recomputing : words.recompute}
      </Button>
      {data ? (
        <Note tone={data.isOnChain ? "info" : "warn"}>
          {fill(words.recomputed, { accounts: data.leafCount, total: format.money(data.totalMicro, pool.token.symbol) })}{" "}
          {data.isOnChain ? words.onChain : words.notOnChain}
        </Note>
      ) : null}
      {error ? (
        error.name === "Error" ? (
          <Note tone="bad">{fill(words.fileWrong, { problem: error.message })}</Note>
        ) : (
          <ErrorNote error={error} isAlert />
        )
      ) : null}
    </div>
  );
}

function Answer({ proof, isProven, isOnChain, pool }: Checked & { pool: Pool }) {
  const { text, format } = useWords();
  const words = text.rewards.proof;
  if (proof.epoch === null) return <Note>{words.noEpoch}</Note>;
  if (!proof.isInTree) return <Note>{words.absent}</Note>;
  const { symbol } = pool.token;
  return (
    <>
      <Note tone={isProven ? (isOnChain ? "info" : "warn") : "bad"}>
        {isProven ? words.valid : words.invalid} {isProven ? (isOnChain ? words.onChain : words.notOnChain) : null}
      </Note>
      <Facts className="mt-3">
        <Fact name={words.epoch}>{format.number(proof.epoch)}</Fact>
        <Fact name={words.cumulative}>{format.money(proof.cumulativeMicro, symbol)}</Fact>
        <Fact name={words.claimed}>{format.money(proof.claimedMicro, symbol)}</Fact>
        <Fact name={words.root}>
          <span className="font-mono text-xs">{proof.root}</span>
        </Fact>
      </Facts>
      <details className="mt-2 text-sm">
        <summary className="rounded-control py-1">{format.count(proof.proof.length, words.steps)}</summary>
        <ol className="mt-2 space-y-1 font-mono text-quiet text-xs [overflow-wrap:anywhere]">
          {proof.proof.map((node) => (
            <li key={node}>{node}</li>
          ))}
        </ol>
      </details>
      <WholeEpoch pool={pool} epoch={proof.epoch} />
      <a
        href={`${getEpochFile.path.replace("{no}", String(proof.epoch))}?chainId=${pool.chainId}`}
        className="mt-2 inline-block text-sm underline underline-offset-4"
      >
        {words.file}
      </a>
    </>
  );
}
