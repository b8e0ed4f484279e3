import { ArrowRight, X } from "lucide-react";
import Link from "next/link";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { readWords } from "../../read-words.ts";
import { LiveFigures } from "./live-figures.tsx";

export default async function HomePage() {
  const { home } = (await readWords()).text;
  return (
    <div className="space-y-16 sm:space-y-24">
      <section className="max-w-3xl pt-4 sm:pt-10">
        <h1 className="font-semibold text-4xl leading-[1.08] tracking-tight sm:text-6xl">{home.title}</h1>
        <p className="mt-6 max-w-2xl text-lg text-quiet leading-relaxed">{home.lead}</p>
      </section>

      <div className="grid gap-4 md:grid-cols-2">
        <DoorCard {...home.lend} href="/volunteer" isFirst />
        <DoorCard {...home.run} href="/jobs" />
      </div>

      <LiveFigures />

      <section aria-labelledby="how">
        <h2 id="how" className="font-semibold text-xl">
          {home.how.title}
        </h2>
        <ol className="mt-6 grid gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-2 lg:grid-cols-4">
          {home.how.steps.map((step, i) => (
            <li key={step.title} className="bg-surface p-6">
              <span className="font-mono text-accent text-sm">{i + 1}</span>
              <h3 className="mt-2 font-semibold">{step.title}</h3>
              <p className="mt-1 text-quiet text-sm">{step.text}</p>
            </li>
          ))}
        </ol>
      </section>

      <section aria-labelledby="never">
        <h2 id="never" className="font-semibold text-xl">
          {home.never.title}
        </h2>
        <ul className="mt-6 grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {home.never.items.map((item) => (
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

function DoorCard({ title, text, action, href, isFirst = false }: { title: string; text: string; action: string; href: string; isFirst?: boolean }) {
  return (
    <Card className="flex flex-col items-start sm:p-8">
      <h2 className="font-semibold text-xl">{title}</h2>
      <p className="mt-2 mb-6 text-quiet">{text}</p>
      <Link href={href} className={`mt-auto ${buttonLook({ kind: isFirst ? "primary" : "secondary", size: "large" })}`}>
        {action}
        <ArrowRight aria-hidden />
      </Link>
    </Card>
  );
}
