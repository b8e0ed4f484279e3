import { hasEntries } from "#lib/client/queries/submission/draft.ts";
import { useTemplate } from "#lib/client/templates/use-template.ts";
import type { TemplateId } from "#lib/protocol/templates/templates.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** Fills the form in from the template of the page's address; where a draft would be lost it asks first. */
export function TemplateStart({ template, state }: { template: TemplateId | null; state: JobFormState }) {
  const { text, fill, sayError } = useWords();
  const words = text.templates;
  const name = template ? words.items[template].title : "";
  const start = useTemplate({
    template,
    place: state.draft.place,
    hasEntries: hasEntries(state.form),
    take: async (files) => {
      await state.take(Promise.resolve(files));
      state.say({ tone: "info", text: fill(words.taken, { name }) });
    },
  });
  switch (start.state) {
    case "taking":
      return <Note>{words.taking}</Note>;
    case "failed":
      return (
        <Note
          tone="bad"
          isAlert
          action={
            <Button size="small" onClick={start.replace}>
              {text.site.retry}
            </Button>
          }
        >
          {fill(words.failed, { problem: sayError(start.error) })}
        </Note>
      );
    case "asking":
      return (
        <Note tone="warn" title={words.replace.title} isAlert>
          <p>{fill(words.replace.text, { name })}</p>
          <div className="mt-3 flex flex-wrap gap-3">
            <Button size="small" onClick={start.keep}>
              {words.replace.keep}
            </Button>
            <Button size="small" kind="danger" onClick={start.replace}>
              {words.replace.replace}
            </Button>
          </div>
        </Note>
      );
    default:
      return null;
  }
}
