import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { GiveWords } from "../../../give-words.tsx";
import { readWords } from "../../../read-words.ts";
import { ControlStates } from "./control-states.tsx";
import { DisplayStates } from "./display-states.tsx";
import { LivingStates } from "./living-states.tsx";
import { OutputStates } from "./output-states.tsx";
import { ShellStates } from "./shell-states.tsx";

const THEMES = ["light", "dark"] as const;

/** Every component of `lib/ui` in every state, in both themes. Its ending keeps it out of every build: only the development server knows such pages. */
export default async function DesignPage() {
  const { home } = (await readWords()).text;
  return (
    <GiveWords sections={["jobs", "home", "studio"]}>
      <PageHead title="Design" lead="Every component of lib/ui in every state, in both themes. Only the development server has this page." />
      {THEMES.map((theme) => (
        <section
          key={theme}
          aria-labelledby={`theme-${theme}`}
          data-gallery={theme}
          className={`mb-8 space-y-8 rounded-card border border-line bg-ground p-4 text-ink sm:p-6 ${theme === "light" ? "[color-scheme:light]" : "[color-scheme:dark]"}`}
        >
          <h2 id={`theme-${theme}`} className="font-semibold text-xl">
            {theme}
          </h2>
          <ControlStates scope={theme} />
          <DisplayStates scope={theme} />
          <LivingStates scope={theme} />
          <OutputStates scope={theme} />
          <ShellStates scope={theme} home={home} />
        </section>
      ))}
    </GiveWords>
  );
}
