import { ArrowLeft } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isTemplate, TEMPLATES } from "#lib/protocol/templates/templates.ts";
import { readTemplate, type Template } from "#lib/server/templates/read-template.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";
import { readWords } from "../../../../read-words.ts";
import { templateFileUrl } from "../template-file-url.ts";
import { TemplateResult } from "../template-result.tsx";

type Props = { params: Promise<{ template: string }> };

/** Every page is made by the build; what it did not make does not exist. */
export const dynamicParams = false;

export function generateStaticParams() {
  return TEMPLATES.map((template) => ({ template }));
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await getTemplate(params);
  const { title, what } = (await readWords()).text.templates.items[id];
  return { title, description: what };
}

const ROWS_SHOWN = 10;

export default async function TemplatePage({ params }: Props) {
  const template = await getTemplate(params);
  const { templates: words } = (await readWords()).text;
  const item = words.items[template.id];
  return (
    <>
      <PageLink href="/templates" className="mb-4 inline-flex items-center gap-2 rounded-control py-1 text-quiet text-sm underline-offset-4 hover:underline">
        <ArrowLeft aria-hidden className="size-4" />
        {words.back}
      </PageLink>
      <PageHead title={item.title} lead={item.what} />
      {/* On a phone what is done with a template comes before its rows and files. */}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <InShort template={template} />
        <div className="grid min-w-0 gap-4 lg:order-first">
          <Card>
            <CardHead title={words.result} />
            <p className="mb-4 text-quiet text-sm">{words.resultLead}</p>
            <TemplateResult template={template} rowsMax={ROWS_SHOWN} />
          </Card>
          <Card>
            <CardHead title={words.why} />
            <p className="max-w-prose">{item.why}</p>
          </Card>
          <Card>
            <CardHead title={words.change} />
            <p className="max-w-prose">{item.change}</p>
          </Card>
          <Files template={template} />
        </div>
      </div>
    </>
  );
}

async function InShort({ template: { id, job, files } }: { template: Template }) {
  const { text, format } = await readWords();
  const { facts, use, useHint } = text.templates;
  const bytes = files.filter(({ role }) => role === "program" || role === "input").reduce((sum, file) => sum + file.bytes, 0);
  return (
    <Card className="lg:sticky lg:top-4">
      <CardHead title={facts.title} />
      <Facts>
        <Fact name={facts.runtime}>{facts[job.program.runtime]}</Fact>
        <Fact name={facts.topic}>{job.topic}</Fact>
        <Fact name={facts.cut}>{text.states.slicingModes[job.slicing.mode].label}</Fact>
        <Fact name={facts.size}>{format.bytes(bytes)}</Fact>
      </Facts>
      <PageLink href={`/jobs/new?template=${id}`} className={`${buttonLook({ kind: "primary", size: "large" })} mt-4 w-full`}>
        {use}
      </PageLink>
      <p className="mt-3 text-quiet text-sm">{useHint}</p>
    </Card>
  );
}

async function Files({ template: { id, files } }: { template: Template }) {
  const { text, format, fill } = await readWords();
  const { facts, roles, download } = text.templates;
  return (
    <Card>
      <CardHead title={facts.files} />
      <ul className="divide-y divide-line text-sm">
        {files.map(({ path, bytes, role }) => (
          <li key={path} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-2">
            <a
              href={templateFileUrl(id, path)}
              download
              className="rounded-control font-mono underline underline-offset-4 [overflow-wrap:anywhere]"
              aria-label={fill(download, { path })}
            >
              {path}
            </a>
            <span className="text-quiet">
              {roles[role]}, {format.bytes(bytes)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

async function getTemplate(params: Props["params"]): Promise<Template> {
  const { template } = await params;
  return isTemplate(template) ? await readTemplate(template) : notFound();
}
