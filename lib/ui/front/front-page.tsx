import { ArrowRight, Check, X } from "lucide-react";
import type { Catalogue } from "#lib/text/catalogue.ts";
import { buttonLook } from "../controls/button.tsx";
import { Card } from "../display/card.tsx";
import { Figure } from "../display/facts.tsx";
import { LiveShoal } from "./live-shoal.tsx";
import { PICTURES } from "./trust-pictures.tsx";

type Text = Catalogue["home"];

/** What Shoal is, what it does now, its doors, how trust and payment come about, and what it will never do. Figures are filled in by the page's script. */
export function FrontPage({ text }: { text: Text }) {
  return (
    <div className="space-y-14 sm:space-y-20">
      <section className="max-w-3xl pt-2 sm:pt-8">
        <h1 className="font-semibold text-4xl leading-[1.08] tracking-tight sm:text-6xl">{text.title}</h1>
        <p className="mt-6 max-w-2xl text-lg text-quiet leading-relaxed">{text.lead}</p>
      </section>
      <section aria-label={text.doors} className="grid gap-4 lg:grid-cols-3">
        <Door {...text.lend} href="/volunteer" kind="primary" />
        <Door {...text.run} href="/jobs" kind="secondary" />
        <Door {...text.claim} href="/rewards" kind="secondary" />
      </section>
      <LiveShoal text={text.shoal} />
      <LiveFigures text={text.now} />
      <Steps text={text.how} />
      <section aria-labelledby="never">
        <h2 id="never" className="font-semibold text-xl">
          {text.never.title}
        </h2>
        <ul className="mt-6 grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {text.never.items.map((item) => (
            <li key={item} className="flex gap-3">
              <X aria-hidden className="mt-1 size-4 shrink-0 text-accent" />
              <span className="text-quiet">{item}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

type DoorProps = Text["lend"] & { href: string; kind: "primary" | "secondary" };

function Door({ title, text, points, action, href, kind }: DoorProps) {
  return (
    <Card className="flex flex-col items-start sm:p-8">
      <h2 className="font-semibold text-xl">{title}</h2>
      <p className="mt-2 text-quiet">{text}</p>
      <ul className="mt-4 mb-6 space-y-2 text-sm">
        {points.map((point) => (
          <li key={point} className="flex gap-2">
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
            {point}
          </li>
        ))}
      </ul>
      <a href={href} className={`mt-auto ${buttonLook({ kind, size: "large" })}`}>
        {action}
        <ArrowRight aria-hidden />
      </a>
    </Card>
  );
}

/** Four figures of the instance; the script shows those that are known and not zero, and the section with the first of them. */
function LiveFigures({ text }: { text: Text["now"] }) {
  const { title, ...figures } = text;
  return (
    <section aria-labelledby="now" hidden data-live="figures">
      <h2 id="now" className="font-semibold text-xl">
        {title}
      </h2>
      <dl className="mt-6 grid grid-cols-2 gap-6 lg:grid-cols-4">
        {Object.entries(figures).map(([figure, name]) => (
          <Figure key={figure} hidden data-figure={figure} name={name} value={<span data-value />} />
        ))}
      </dl>
    </section>
  );
}

function Steps({ text }: { text: Text["how"] }) {
  return (
    <section aria-labelledby="how">
      <h2 id="how" className="font-semibold text-xl">
        {text.title}
      </h2>
      <ol className="mt-6 grid gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-2 lg:grid-cols-4">
        {text.steps.map((step, i) => {
          const Picture = PICTURES[i];
          return (
            <li key={step.title} className="bg-surface p-6">
              {Picture ? <Picture /> : null}
              <h3 className="mt-4 font-semibold">
                <span className="mr-2 font-mono font-normal text-accent text-sm">{i + 1}</span>
                {step.title}
              </h3>
              <p className="mt-1 text-quiet text-sm">{step.text}</p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
