import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { GiveWords } from "../../../give-words.tsx";
import { readWords } from "../../../read-words.ts";
import { ControlStates } from "./control-states.tsx";
import { DisplayStates } from "./display-states.tsx";
import { DocStates } from "./doc-states.tsx";
import { LivingStates } from "./living-states.tsx";
import { OutputStates } from "./output-states.tsx";
import { ShellStates } from "./shell-states.tsx";

/** Every component of `lib/ui` in every state; the header's switch shows the other theme. Its ending keeps it out of every build: only the development server knows such pages. */
export default async function DesignPage() {
  const words = await readWords();
  return (
    <GiveWords sections={["jobs", "home", "studio", "report", "picture"]}>
      <PageHead
        title="Design"
        lead="Every component of lib/ui in every state. The switch in the header shows the other theme. Only the development server has this page."
      />
      <div data-gallery className="space-y-8">
        <ControlStates />
        <DisplayStates />
        <LivingStates />
        <OutputStates />
        <ShellStates home={words.text.home} site={words.text.site} />
        <DocStates words={words} />
      </div>
    </GiveWords>
  );
}
