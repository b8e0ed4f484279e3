"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { networkQuery } from "#lib/client/queries/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Figure } from "#lib/ui/display/facts.tsx";

/** Up to four figures of the instance; only those that are known and not zero, and nothing at all where there are none. */
export function LiveFigures() {
  const {
    text: {
      home: { now: text },
    },
    format,
  } = useWords();
  const { data } = useQuery(networkQuery);
  const figures = [
    { name: text.computing, value: data?.devices.computing ?? 0 },
    { name: text.jobs, value: data?.jobCount ?? 0 },
    { name: text.lastHour, value: data?.verified?.lastHour ?? 0 },
    { name: text.total, value: data?.verified?.total ?? 0 },
  ].filter((figure) => figure.value > 0);
  if (figures.length === 0) return null;
  return (
    <section aria-labelledby="now">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 id="now" className="font-semibold text-xl">
          {text.title}
        </h2>
        <Link href="/network" className="inline-flex items-center gap-1 rounded-control text-accent text-sm underline-offset-4 hover:underline">
          {text.more}
          <ArrowRight aria-hidden className="size-4" />
        </Link>
      </div>
      <dl className="mt-6 grid grid-cols-2 gap-6 lg:grid-cols-4">
        {figures.map(({ name, value }) => (
          <Figure key={name} name={name} value={format.number(value)} />
        ))}
      </dl>
    </section>
  );
}
