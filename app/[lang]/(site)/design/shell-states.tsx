import type { Catalogue } from "#lib/text/catalogue.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { OfflineBanner } from "#lib/ui/feedback/offline-banner.tsx";
import { FrontPage } from "#lib/ui/front/front-page.tsx";
import { LanguageSwitch } from "#lib/ui/shell/language-switch.tsx";
import { Mark } from "#lib/ui/shell/mark.tsx";
import { NavLink } from "#lib/ui/shell/nav-link.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";
import { ThemeSwitch } from "#lib/ui/theme/theme-switch.tsx";
import { Shown } from "./shown.tsx";

/** Parts of the frame around pages, and the front page; the frame itself is around this page. */
export function ShellStates({ home, site }: Pick<Catalogue, "home" | "site">) {
  return (
    <>
      <Shown name="Mark, NavLink, PageLink, ThemeSwitch, LanguageSwitch">
        <Mark className="size-8 text-accent" />
        <NavLink href="/design" label={{ name: "This page", short: "This" }} />
        <NavLink href="/docs" label={{ name: "Another page", short: "Other" }} />
        <PageLink href="/docs" className="underline underline-offset-4">
          A link to a page
        </PageLink>
        <ThemeSwitch text={site} />
        <LanguageSwitch text={site} language="en" />
      </Shown>
      <Shown name="OfflineBanner (shown while the browser is offline)">
        <div data-offline>
          <OfflineBanner text="You are offline." />
        </div>
      </Shown>
      <Shown name="PageHead">
        <PageHead title="A title alone" />
        <PageHead title="A title with a lead and something to do" lead="What the page is about.">
          <a href="#content" className={buttonLook({ kind: "primary" })}>
            Do it
          </a>
        </PageHead>
      </Shown>
      <Shown name="FrontPage, LiveShoal">
        <FrontPage text={home} />
      </Shown>
    </>
  );
}
