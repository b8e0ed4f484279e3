import type { ReactNode } from "react";
import type { Catalogue } from "#lib/text/catalogue.ts";
import type { Language } from "#lib/text/languages.ts";
import { CircleUser, Command } from "#lib/ui/icons/light-icons.tsx";
import { Button, buttonLook } from "../controls/button.tsx";
import { ThemeSwitch } from "../theme/theme-switch.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { Mark } from "./mark.tsx";
import { NavLink } from "./nav-link.tsx";
import { PageLink } from "./page-link.tsx";

type ShellProps = { text: Catalogue["site"]; language: Language; status?: ReactNode; account?: ReactNode; children: ReactNode };

/** The frame of every page: the doors above, the content, the promise below. `text` are the words of the site; `status` stands beside the network's door, `account` where the way to one's account is otherwise. */
export function Shell({ text, language, status, account, children }: ShellProps) {
  const { lend, jobs, templates, docs, network, status: statusPage, privacy, terms } = text.nav;
  const doors = [
    { href: "/volunteer", label: lend },
    { href: "/jobs", label: jobs },
    { href: "/docs", label: docs },
  ];
  const footer = [
    { href: "/templates", label: templates },
    { href: "/network", label: network },
    { href: "/status", label: statusPage },
    { href: "/docs", label: docs },
    { href: "/privacy", label: privacy },
    { href: "/terms", label: terms },
    { href: "/shortcuts", label: { name: text.shortcuts.title } },
  ];
  return (
    <>
      <a
        href="#content"
        className="sr-only rounded-control bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        {text.skip}
      </a>
      <header className="border-line border-b bg-surface">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-1 px-3 sm:px-6 md:gap-2">
          <PageLink href="/" className="mr-auto flex items-center gap-2 rounded-control px-1 font-semibold tracking-tight">
            <Mark className="size-7 text-accent" />
            <span className="max-[400px]:sr-only">{text.name}</span>
          </PageLink>
          <nav aria-label={text.nav.label} className="flex">
            {doors.map((door) => (
              <NavLink key={door.href} {...door} />
            ))}
            {/* A narrow header has no room for it; it is in the footer too. */}
            <span className="max-lg:hidden">
              <NavLink href="/network" label={network} />
            </span>
            {status}
          </nav>
          {/* What it does is installed by the keys of the shell, on pages with a framework and without. */}
          <Button kind="quiet" size="icon" data-palette aria-label={text.palette.open} title={`${text.palette.open} (Ctrl K, ⌘ K)`} className="max-lg:hidden">
            <Command aria-hidden />
          </Button>
          {account ?? (
            <PageLink href="/account" aria-label={text.nav.account} title={text.nav.account} className={buttonLook({ kind: "quiet", size: "icon" })}>
              <CircleUser aria-hidden />
            </PageLink>
          )}
          <ThemeSwitch text={text} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:px-6 sm:py-12">
        {children}
      </main>
      <footer className="border-line border-t">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-8 gap-y-2 px-4 py-6 text-quiet text-sm sm:px-6">
          <p>{text.footer}</p>
          <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
            {footer.map(({ href, label }) => (
              <PageLink key={href} href={href} className="rounded-control py-1 underline underline-offset-4 hover:text-ink">
                {label.name}
              </PageLink>
            ))}
            <LanguageSwitch text={text} language={language} />
          </div>
        </div>
      </footer>
    </>
  );
}
