import { ArrowRight } from "lucide-react";
import { SHARD_STATES } from "#lib/domain/job/shard-map.ts";
import type { Catalogue } from "#lib/text/catalogue.ts";
import { Swatch } from "../shoal/swatch.tsx";

/** The place of the instance's school. The script shows it once there are shards, keeps it moving with them, and writes the same in words. */
export function LiveShoal({ text }: { text: Catalogue["home"]["shoal"] }) {
  return (
    <section aria-labelledby="shoal" hidden data-live="shoal">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 id="shoal" data-title className="font-semibold text-xl">
          {text.title}
        </h2>
        <a href="/network" className="inline-flex items-center gap-1 rounded-control text-accent text-sm underline-offset-4 hover:underline">
          {text.more}
          <ArrowRight aria-hidden className="size-4" />
        </a>
      </div>
      <figure className="mt-4">
        <canvas role="img" className="block h-40 w-full text-ink sm:h-52" />
        <figcaption className="mt-3 space-y-2 text-quiet text-sm">
          <p data-caption />
          <ul aria-hidden className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
            {SHARD_STATES.toReversed().map((state) => (
              <li key={state} hidden data-legend={state} className="flex items-center gap-1.5 [[hidden]]:hidden">
                <Swatch state={state} />
                {text.states[state]}
                <span data-count className="text-ink" />
              </li>
            ))}
          </ul>
        </figcaption>
      </figure>
    </section>
  );
}
