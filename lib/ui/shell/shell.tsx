import Link from "next/link";
import type { ReactNode } from "react";
import { en } from "#lib/text/en.ts";
import { ThemeSwitch } from "../theme/theme-switch.tsx";
import { Mark } from "./mark.tsx";
import { NavLink } from "./nav-link.tsx";

const DOORS = [
  { href: "/volunteer", label: en.site.nav.lend },
  { href: "/jobs", label: en.site.nav.jobs },
  { href: "/docs", label: en.site.nav.docs },
] as const;
const FOOTER = [
  { href: "/network", label: en.site.nav.network },
  { href: "/docs", label: en.site.nav.docs },
] as const;

/** The frame of every page: the doors above, the content, the promise below. `account` stands beside the doors where somebody is signed in. */
export function Shell({ account, children }: { account?: ReactNode; children: ReactNode }) {
  return (
    <>
      <a
        href="#content"
        className="sr-only rounded-control bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        {en.site.skip}
      </a>
      <header className="border-line border-b bg-surface">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-1 px-3 sm:gap-2 sm:px-6">
          <Link href="/" className="mr-auto flex items-center gap-2 rounded-control px-1 font-semibold tracking-tight">
            <Mark className="size-7 text-accent" />
            <span className="max-[400px]:sr-only">{en.site.name}</span>
          </Link>
          <nav aria-label={en.site.nav.label} className="flex">
            {DOORS.map((door) => (
              <NavLink key={door.href} {...door} />
            ))}
            {/* A phone's header has no room for it; it is in the footer too. */}
            <span className="max-md:hidden">
              <NavLink href="/network" label={en.site.nav.network} />
            </span>
          </nav>
          {account}
          <ThemeSwitch />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:px-6 sm:py-12">
        {children}
      </main>
      <footer className="border-line border-t">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-8 gap-y-2 px-4 py-6 text-quiet text-sm sm:px-6">
          <p>{en.site.footer}</p>
          <div className="flex gap-6">
            {FOOTER.map(({ href, label }) => (
              <Link key={href} href={href} className="rounded-control py-1 underline underline-offset-4 hover:text-ink">
                {label.name}
              </Link>
            ))}
          </div>
        </div>
      </footer>
    </>
  );
}

/** A page's heading, what it is about, and what can be done from here. */
export function PageHead({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-8 flex flex-wrap items-start justify-between gap-4">
      <div className="min-w-0">
        <h1 className="font-semibold text-2xl tracking-tight [overflow-wrap:anywhere] sm:text-3xl">{title}</h1>
        {lead ? <p className="mt-2 max-w-prose text-quiet">{lead}</p> : null}
      </div>
      {children ? <div className="flex flex-wrap gap-3">{children}</div> : null}
    </div>
  );
}
