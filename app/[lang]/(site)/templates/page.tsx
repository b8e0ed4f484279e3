import { ArrowRight } from "lucide-react";
import type { Metadata } from "next";
import { listTemplates } from "#lib/server/templates/read-template.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";
import { readWords } from "../../../read-words.ts";
import { TemplateResult } from "./template-result.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { title, lead } = (await readWords()).text.templates;
  return { title, description: lead };
}

const ROWS_SHOWN = 4;

export default async function TemplatesPage() {
  const [templates, { text }] = await Promise.all([listTemplates(), readWords()]);
  const words = text.templates;
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <ul className="grid gap-4 lg:grid-cols-2">
        {templates.map((template) => (
          <li key={template.id} className="grid min-w-0">
            <Card className="flex flex-col gap-4">
              <div className="flex flex-wrap items-center justify-between gap-2">
                <h2 className="font-semibold text-lg tracking-tight">
                  <PageLink href={`/templates/${template.id}`} className="rounded-control underline-offset-4 hover:underline">
                    {words.items[template.id].title}
                  </PageLink>
                </h2>
                <Badge tone={template.job.program.runtime === "wgsl" ? "accent" : "neutral"}>
                  {template.job.program.runtime === "wgsl" ? "WebGPU" : "WebAssembly"}
                </Badge>
              </div>
              <p className="text-sm">{words.items[template.id].what}</p>
              <TemplateResult template={template} rowsMax={ROWS_SHOWN} />
              <div className="mt-auto flex flex-wrap gap-3">
                <PageLink href={`/jobs/new?template=${template.id}`} className={buttonLook({ kind: "primary" })}>
                  {words.use}
                </PageLink>
                <PageLink href={`/templates/${template.id}`} className={buttonLook({ kind: "quiet" })}>
                  {words.more}
                  <ArrowRight aria-hidden />
                </PageLink>
              </div>
            </Card>
          </li>
        ))}
      </ul>
      <Card className="mt-4">
        <h2 className="font-semibold">{words.own.title}</h2>
        <p className="mt-2 mb-4 max-w-prose text-quiet text-sm">{words.own.text}</p>
        <div className="flex flex-wrap gap-3">
          <PageLink href="/jobs/new" className={buttonLook()}>
            {words.own.start}
          </PageLink>
          <PageLink href="/editor" className={buttonLook()}>
            {words.own.write}
          </PageLink>
          <PageLink href="/docs/guide/submit-a-job" className={buttonLook({ kind: "quiet" })}>
            {words.own.docs}
          </PageLink>
        </div>
      </Card>
    </>
  );
}
